import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const file = (name: string) => fileURLToPath(new URL(`../fakes/tls/${name}.pem`, import.meta.url));

/** What a process needs in its environment to trust it. */
export const TRUSTING: NodeJS.ProcessEnv = { NODE_EXTRA_CA_CERTS: file('certificate') };

/** Puts https before a server on this machine, as an ingress does. */
export class TlsFront {
  readonly #server: Server;

  private constructor(target: string) {
    this.#server = createServer(
      { key: readFileSync(file('key')), cert: readFileSync(file('certificate')) },
      (from, to) => {
        const { method, url, headers } = from;
        const passed = request(`${target}${url}`, { method, headers }, (answer) => {
          to.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(to);
        });
        passed.on('error', () => to.destroy());
        from.pipe(passed);
      },
    );
  }

  /** @param target origin of the server behind it. */
  static async before(target: string): Promise<TlsFront> {
    const front = new TlsFront(target);
    await new Promise<void>((resolve) => front.#server.listen(0, '127.0.0.1', resolve));
    return front;
  }

  get address(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
