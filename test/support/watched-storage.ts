import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request to storage. */
export interface StorageCall {
  readonly service: 'Blob' | 'Queue' | 'Table';
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

const SERVICES = ['Blob', 'Queue', 'Table'] as const;

/** Stands between processes and a real Azurite: tells of each request before it is carried out and before it is answered. */
export class WatchedStorage {
  readonly #servers: Server[] = [];
  readonly connection: string;
  /** How far its clock is ahead of the real one, as its answers tell. */
  aheadMs = 0;
  /** Not answered yet. */
  readonly inHand = new Set<StorageCall>();
  /** Told of each request when it has come, where it can be `'lost'` on the way, and again when it is carried out. */
  onCall: (call: StorageCall, moment: 'come' | 'done') => Promise<'lost' | undefined> = async () => undefined;

  private constructor(connection: string) {
    this.connection = connection;
  }

  static async start(connection: string): Promise<WatchedStorage> {
    const made: { service: StorageCall['service']; target: string; server: Server }[] = [];
    let through = connection;
    let watched: WatchedStorage | undefined;
    for (const service of SERVICES) {
      const target = new URL(new RegExp(`${service}Endpoint=([^;]+)`, 'u').exec(connection)?.[1] ?? '').origin;
      const server = createServer((incoming, response) => {
        if (watched) void watched.#forward(service, target, incoming, response);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      through = through.replace(target, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      made.push({ service, target, server });
    }
    watched = new WatchedStorage(through);
    watched.#servers.push(...made.map(({ server }) => server));
    return watched;
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  async #forward(
    service: StorageCall['service'],
    target: string,
    incoming: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { method = '', headers, url = '' } = incoming;
    let body: Buffer;
    try {
      body = Buffer.concat(await incoming.toArray());
    } catch {
      // Whoever asked has died in the middle of it.
      return;
    }
    const call = { service, method, path: decodeURIComponent(url), body: service === 'Blob' ? '' : body.toString() };
    this.inHand.add(call);
    try {
      if ((await this.onCall(call, 'come')) === 'lost') return;
      const outgoing = request(`${target}${url}`, { method, headers });
      outgoing.end(body);
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        outgoing.on('response', resolve).on('error', reject);
      });
      const bytes = Buffer.concat(await answer.toArray());
      await this.onCall(call, 'done');
      // Not chained: where restify is loaded, its `writeHead` returns nothing.
      const date = new Date(Date.now() + this.aheadMs).toUTCString();
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, date });
      response.end(bytes);
    } catch {
      incoming.socket.destroy();
    } finally {
      this.inHand.delete(call);
    }
  }
}
