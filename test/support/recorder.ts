import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that went through, and what it was answered. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly answered: { readonly status: number; readonly headers: OutgoingHttpHeaders };
}

/** Stands between a client and a service, and keeps all that went through. */
export class Recorder {
  readonly #server: Server;
  readonly exchanges: Exchange[] = [];
  /** Answers 400, with what was sent as the reason, in place of the service: what a service says of an error may quote a person. */
  echoing: (url: string) => boolean = () => false;
  isDown = false;

  /** @param targetOf the origin of the service behind it, by path. */
  private constructor(targetOf: (url: string) => string) {
    this.#server = createServer(async (incoming, response) => {
      const { method = '', url = '', headers } = incoming;
      const body = Buffer.concat(await incoming.toArray());
      const answer = (status: number, answered: OutgoingHttpHeaders, bytes: Uint8Array) => {
        this.exchanges.push({ method, url, headers, body, answered: { status, headers: answered } });
        // restify replaces writeHead for the whole process, and its own returns nothing to chain on.
        response.writeHead(status, answered);
        response.end(bytes);
      };
      if (this.isDown) incoming.socket.destroy();
      else if (this.echoing(url)) {
        const message = `${decodeURIComponent(url)} ${body.toString()}`;
        const type = { 'content-type': 'application/json' };
        answer(400, type, Buffer.from(JSON.stringify({ error: { code: message, message } })));
      } else {
        const outgoing = request(`${targetOf(url)}${url}`, { method, headers }, async (from) => {
          answer(from.statusCode ?? 502, from.headers, Buffer.concat(await from.toArray()));
        });
        outgoing.on('error', () => incoming.socket.destroy());
        outgoing.end(body);
      }
    });
  }

  static async start(targetOf: (url: string) => string): Promise<Recorder> {
    const recorder = new Recorder(targetOf);
    await new Promise<void>((resolve) => recorder.#server.listen(0, '127.0.0.1', resolve));
    return recorder;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A recorder before each service of a storage account, and the connection string that leads through them. */
export async function recordedStorage(connection: string) {
  const services = { Table: '', Blob: '', Queue: '' };
  const started = {} as Record<keyof typeof services, Recorder>;
  let through = connection;
  for (const service of ['Table', 'Blob', 'Queue'] as const) {
    const { origin } = new URL(new RegExp(`${service}Endpoint=([^;]+)`, 'u').exec(connection)?.[1] ?? '');
    started[service] = await Recorder.start(() => origin);
    through = through.replace(origin, started[service].address);
  }
  return { ...started, connection: through };
}
