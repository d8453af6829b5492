import { setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/**
 * What happens to the next request: it goes through; nobody answers; it is carried out, but the answer is lost on the way; the
 * same with the next transaction only, or the next entity that is written by itself; the next such entity is refused; the next transaction goes through,
 * and nobody answers any more.
 */
type Weather =
  | 'fair'
  | 'down'
  | 'answers lost'
  | 'transactions lost once'
  | 'writes refused once'
  | 'writes lost once'
  | 'down after a transaction';

/** What may happen to one request in a storm. */
export type StorageFault =
  /** It is carried out, but only after this time. */
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'answers'; readonly status: number; readonly retryAfterSeconds?: number }
  /** The connection is cut before anything is carried out. */
  | { readonly kind: 'cut before' }
  /** It is carried out, then the connection is cut. */
  | { readonly kind: 'cut after' };

/** What happens to some of the requests, drawn by lot. */
export interface Storm {
  /** 0 to 1. */
  readonly share: number;
  readonly faults: readonly StorageFault[];
  /** Of the addresses that this matches; left out, of all. */
  readonly at?: RegExp;
}

/** How long a process lives that reaches storage through proxies. */
export interface Life {
  /** So many changes of what is stored; before the next one, or before it hears what came of the last, it dies. */
  changesLeft: number;
  readonly hearsOfLast: boolean;
}

/** What only makes sure that there is a table or a container changes nothing that is stored. */
const MAKES_PLACE = /\/Tables(?:\?|$)|restype=container/u;

export type StorageService = 'Table' | 'Blob' | 'Queue';

/** Stands between a client and one service of a real Azurite, counts what is written, and can be cut. */
export class StorageProxy {
  readonly #server: Server;
  readonly #target: string;
  weather: Weather = 'fair';
  storm: Storm | undefined;
  life: Life | undefined;
  /** Requests that met a fault of a storm, or found nobody behind the proxy. */
  faultsMade = 0;
  /** How far its clock is ahead of the machine's, as its answers tell it. */
  aheadMs = 0;
  /** Rows in each transaction that arrived, whatever became of it. */
  readonly transactions: number[] = [];
  /** Entities that arrived to be written by themselves, whatever became of them. */
  writes = 0;
  /** Addresses that were read, with what was asked for. */
  readonly reads: string[] = [];
  readonly #stopped = new AbortController();
  #gate: Promise<void> = Promise.resolve();

  private constructor(target: string) {
    this.#target = target;
    // Everything that is slow listens to it.
    setMaxListeners(0, this.#stopped.signal);
    this.#server = createServer((incoming, response) => {
      // Who asked may have gone away in the middle of asking.
      this.#forward(incoming, response).catch(() => incoming.socket.destroy());
    });
  }

  /** @param connection string of the storage behind it. */
  static async start(connection: string, service: StorageService = 'Table'): Promise<StorageProxy> {
    const endpoint = new RegExp(`${service}Endpoint=([^;]+)`, 'u').exec(connection)?.[1];
    const proxy = new StorageProxy(new URL(endpoint ?? '').origin);
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
    this.#stopped.abort();
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
    const isChange = !['GET', 'HEAD'].includes(incoming.method ?? '') && !MAKES_PLACE.test(incoming.url ?? '');
    const dying = this.#dying(isChange);
    if (dying === 'dead') {
      incoming.socket.destroy();
      return;
    }
    const fault = dying === 'deaf' ? { kind: 'cut after' as const } : this.#draw(incoming.url ?? '');
    if (fault && (await this.#refused(fault, incoming, response))) return;
    if (rows !== null && weather === 'down after a transaction') this.weather = 'down';
    const isLostOnce =
      (weather === 'transactions lost once' && rows !== null) || (weather === 'writes lost once' && isWrite);
    if (isLostOnce) this.weather = 'fair';
    const lost = isLostOnce || fault?.kind === 'cut after' || weather === 'answers lost';
    const { method, headers, url } = incoming;
    const outgoing = request(`${this.#target}${url}`, { method, headers }, (answer) => {
      if (lost) incoming.socket.destroy();
      else {
        const date = new Date(Date.parse(answer.headers.date ?? '') + this.aheadMs);
        const headers = this.aheadMs === 0 ? answer.headers : { ...answer.headers, date: date.toUTCString() };
        response.writeHead(answer.statusCode ?? 502, headers);
        answer.pipe(response);
      }
      answer.resume();
    });
    outgoing.on('error', () => {
      if (!lost) this.faultsMade += 1;
      incoming.socket.destroy();
    });
    outgoing.end(body);
  }

  #dying(isChange: boolean): 'alive' | 'deaf' | 'dead' {
    const { life } = this;
    if (!life) return 'alive';
    if (life.changesLeft === 0 && (isChange || !life.hearsOfLast)) life.changesLeft = -1;
    if (life.changesLeft < 0) return 'dead';
    if (isChange) life.changesLeft -= 1;
    return isChange && life.changesLeft === 0 && !life.hearsOfLast ? 'deaf' : 'alive';
  }

  #draw(url: string): StorageFault | undefined {
    const { share, faults, at } = this.storm ?? { share: 0, faults: [] };
    if (Math.random() >= share || at?.test(url) === false) return undefined;
    this.faultsMade += 1;
    return faults[Math.floor(Math.random() * faults.length)];
  }

  /** @returns whether that was the end of it. */
  async #refused(fault: StorageFault, incoming: IncomingMessage, response: ServerResponse): Promise<boolean> {
    if (fault.kind === 'slow') await setTimeout(fault.ms, undefined, { signal: this.#stopped.signal }).catch(() => {});
    if (fault.kind === 'cut before') incoming.socket.destroy();
    if (fault.kind === 'answers') {
      const { status, retryAfterSeconds } = fault;
      response.writeHead(status, retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) });
      response.end();
    }
    return fault.kind === 'cut before' || fault.kind === 'answers';
  }
}

/** The same for all that the bot uses of an Azurite. */
export class StorageProxies {
  readonly #all: readonly StorageProxy[];

  private constructor(all: readonly StorageProxy[]) {
    this.#all = all;
  }

  /** @param connection string of the storage behind them. */
  static async start(connection: string): Promise<StorageProxies> {
    const services = ['Table', 'Blob', 'Queue'] as const;
    return new StorageProxies(await Promise.all(services.map((service) => StorageProxy.start(connection, service))));
  }

  /** The connection string that leads through them. */
  through(connection: string): string {
    return this.#all.reduce((before, proxy) => proxy.through(before), connection);
  }

  set storm(storm: Storm | undefined) {
    for (const proxy of this.#all) proxy.storm = storm;
  }

  set life(life: Life | undefined) {
    for (const proxy of this.#all) proxy.life = life;
  }

  get faultsMade(): number {
    return this.#all.reduce((sum, proxy) => sum + proxy.faultsMade, 0);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#all.map((proxy) => proxy.stop()));
  }
}
