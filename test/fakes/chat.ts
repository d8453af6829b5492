import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a bot did to a conversation: a new message, or another content for one. */
export interface ChatEvent {
  readonly kind: 'posted' | 'updated';
  readonly id: string;
  readonly activity: Record<string, unknown>;
}

/**
 * A fake of the channel's side of a conversation: a loopback server that speaks Bot Framework's connector protocol
 * (`v3/conversations/{id}/activities`) as far as sending and updating messages goes, and keeps what was sent.
 */
export class FakeChat {
  readonly #server: Server;
  readonly events: ChatEvent[] = [];
  /** Whether updates are refused, as for a message that was deleted meanwhile. */
  refusesUpdates = false;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const path = /^\/v3\/conversations\/[^/]+\/activities(?:\/([^/?]+))?$/u.exec(request.url ?? '');
      const activity = await readJson(request);
      const updates = request.method === 'PUT';
      const known = path && (request.method === 'POST' || (updates && !this.refusesUpdates));
      const id = updates ? decodeURIComponent(path?.[1] ?? '') : `message-${this.events.length + 1}`;
      if (known) this.events.push({ kind: updates ? 'updated' : 'posted', id, activity });
      response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(known ? { id } : { error: { code: 'NotFound', message: 'Not found.' } }));
    });
  }

  static async start(): Promise<FakeChat> {
    const chat = new FakeChat();
    await new Promise<void>((resolve) => chat.#server.listen(0, '127.0.0.1', resolve));
    return chat;
  }

  get serviceUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as Record<string, unknown>;
}
