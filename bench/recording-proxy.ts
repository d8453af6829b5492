import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What was asked of a table, and what came back. */
export interface Asked {
  /** Requests that read rows. */
  reads: number;
  /** Rows that came back. */
  rows: number;
  bytes: number;
  /** Requests that did not say which school's partitions they are about. */
  unbounded: number;
  /** Partition keys that came back, or were asked for by name, and are not of the school that was to be read. */
  readonly foreign: Set<string>;
}

/** Stands between a client and the table service, and looks at every request that reads and at every row that it gets. */
export class RecordingProxy {
  readonly #server: Server;
  readonly #target: string;
  #schoolId = '';
  asked: Asked = nothing();

  private constructor(target: string) {
    this.#target = target;
    this.#server = createServer((incoming, response) => {
      void this.#forward(incoming, response);
    });
  }

  /** @param connection string of the storage behind it. */
  static async start(connection: string): Promise<RecordingProxy> {
    const proxy = new RecordingProxy(new URL(/TableEndpoint=([^;]+)/u.exec(connection)?.[1] ?? '').origin);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** The connection string that leads through it. */
  through(connection: string): string {
    return connection.replace(this.#target, `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`);
  }

  /** From now on nothing but the partitions of this school is to be read. */
  watch(schoolId: string): void {
    this.#schoolId = schoolId;
    this.asked = nothing();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #forward(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await incoming.toArray());
    const { method, headers, url = '' } = incoming;
    const outgoing = request(`${this.#target}${url}`, { method, headers }, async (answer) => {
      const answered = Buffer.concat(await answer.toArray());
      if (method === 'GET') this.#record(decodeURIComponent(url), answered);
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.end(answered);
    });
    outgoing.on('error', () => incoming.socket.destroy());
    outgoing.end(body);
  }

  #record(url: string, answered: Buffer): void {
    const { asked } = this;
    const own = `${this.#schoolId}~`;
    asked.reads += 1;
    asked.bytes += answered.byteLength;
    const named = [...url.matchAll(/PartitionKey(?:=| eq | ge )'([^']*)'/gu)].map(([, key = '']) => key);
    if (named.length === 0) asked.unbounded += 1;
    const { value = [] } = JSON.parse(answered.toString() || '{}') as { value?: { PartitionKey?: string }[] };
    asked.rows += value.length;
    for (const key of [...named, ...value.flatMap(({ PartitionKey }) => PartitionKey ?? [])])
      if (key !== this.#schoolId && !key.startsWith(own)) asked.foreign.add(key);
  }
}

const nothing = (): Asked => ({ reads: 0, rows: 0, bytes: 0, unbounded: 0, foreign: new Set() });
