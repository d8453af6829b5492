import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What happens to the next request: it goes through; nobody answers; it is carried out, but the answer is lost on the way; the
 * same with the next transaction only; the next entity that is written by itself is refused; the next transaction goes through,
 * and nobody answers any more.
 */
type Weather =
  | 'fair'
  | 'down'
  | 'answers lost'
  | 'transactions lost once'
  | 'writes refused once'
  | 'down after a transaction';

/** Stands between a client and the table service of a real Azurite, counts what is written, and can be cut. */
export class StorageProxy {
  readonly #server: Server;
  readonly #target: string;
  weather: Weather = 'fair';
  /** Rows in each transaction that arrived, whatever became of it. */
  readonly transactions: number[] = [];
  /** Entities that arrived to be written by themselves, whatever became of them. */
  writes = 0;
  /** Addresses that were read, with what was asked for. */
  readonly reads: string[] = [];
  #gate: Promise<void> = Promise.resolve();

  private constructor(target: string) {
    this.#target = target;
    this.#server = createServer((incoming, response) => {
      void this.#forward(incoming, response);
    });
  }

  /** @param connection string of the storage behind it. */
  static async start(connection: string): Promise<StorageProxy> {
    const proxy = new StorageProxy(new URL(/TableEndpoint=([^;]+)/u.exec(connection)?.[1] ?? '').origin);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** The connection string that leads through it. */
  through(connection: string): string {
    return connection.replace(this.#target, `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`);
  }

  /** Keeps every request waiting. @returns what lets them go on. */
  hold(): () => void {
    let release = () => {};
    this.#gate = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #forward(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await incoming.toArray());
    const rows = body.toString().match(/^(?:POST|PUT|PATCH|MERGE) http/gmu);
    if (rows) this.transactions.push(rows.length);
    const isWrite = /^(?:PUT|PATCH|MERGE)$/u.test(incoming.method ?? '');
    if (isWrite) this.writes += 1;
    if (incoming.method === 'GET') this.reads.push(decodeURIComponent(incoming.url ?? '').replaceAll('+', ' '));
    await this.#gate;
    const { weather } = this;
    if (weather === 'down') {
      incoming.socket.destroy();
      return;
    }
    if (weather === 'writes refused once' && isWrite) {
      this.weather = 'fair';
      // Not chained: where restify is loaded, its `writeHead` returns nothing.
      response.writeHead(400);
      response.end();
      return;
    }
    if (rows !== null && weather === 'down after a transaction') this.weather = 'down';
    const lost = weather === 'answers lost' || (weather === 'transactions lost once' && rows !== null);
    if (rows !== null && weather === 'transactions lost once') this.weather = 'fair';
    const { method, headers, url } = incoming;
    const outgoing = request(`${this.#target}${url}`, { method, headers }, (answer) => {
      if (lost) incoming.socket.destroy();
      else {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      }
      answer.resume();
    });
    outgoing.on('error', () => incoming.socket.destroy());
    outgoing.end(body);
  }
}
