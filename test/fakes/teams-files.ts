import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What becomes of a request for one file. */
export type FileBehaviour =
  | { readonly kind: 'serves'; readonly bytes: Uint8Array }
  /** Answers nothing, ever. */
  | { readonly kind: 'silent' }
  /** Sends the head and a part, then nothing more. */
  | { readonly kind: 'stalls' }
  /** Goes on sending. */
  | { readonly kind: 'endless' }
  /** A small body that unpacks to this many bytes, compressed though nobody asked for it. */
  | { readonly kind: 'unpacks_to'; readonly bytes: number }
  /** Declares the whole, sends half and closes. */
  | { readonly kind: 'truncated'; readonly bytes: Uint8Array }
  /** Half of it in chunks, without the last one. */
  | { readonly kind: 'cut_off'; readonly bytes: Uint8Array }
  | { readonly kind: 'empty' }
  | { readonly kind: 'redirects'; readonly to: string; readonly status?: number }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'hangs_up' };

export interface AskedFile {
  readonly path: string;
  readonly authorization: string | undefined;
}

export const TEAMS_TOKEN = 'the-bots-token';

/**
 * A fake of where Teams keeps what people send: a loopback server with pasted pictures (`/v3/attachments/…/views/original`, which
 * are refused with 401 without the bot's token) and files in OneDrive (`/personal/…/download.aspx`, whose address carries its own
 * leave), that can be told to misbehave.
 */
export class FakeTeamsFiles {
  readonly #server: Server;
  readonly #files = new Map<string, FileBehaviour>();
  readonly asked: AskedFile[] = [];
  /** Tokens that are accepted. */
  readonly tokens = new Set([TEAMS_TOKEN]);
  /** Bytes sent so far in answers without end. */
  sentEndlessly = 0;

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(port = 0): Promise<FakeTeamsFiles> {
    const fake = new FakeTeamsFiles();
    await new Promise<void>((resolve) => fake.#server.listen(port, '127.0.0.1', resolve));
    return fake;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Puts a pasted picture there. @returns its address. */
  picture(behaviour: FileBehaviour): string {
    return this.#put(`/v3/attachments/0-weu-${this.#files.size}/views/original`, behaviour);
  }

  /** Puts a file into somebody's OneDrive. @returns its address, with leave to read it. */
  file(behaviour: FileBehaviour): string {
    const path = `/personal/alex_example/_layouts/15/download.aspx?UniqueId=${this.#files.size}&tempauth=leave`;
    return this.#put(path, behaviour);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #put(path: string, behaviour: FileBehaviour): string {
    this.#files.set(path, behaviour);
    return this.address + path;
  }

  #answer({ url = '', headers: { authorization } }: IncomingMessage, response: ServerResponse): void {
    this.asked.push({ path: url, authorization });
    const behaviour = this.#files.get(url);
    const isRefused = url.startsWith('/v3/') && !this.tokens.has(authorization?.replace(/^Bearer /u, '') ?? '');
    if (isRefused) end(response, 401);
    else if (behaviour === undefined) end(response, 404);
    else this.#behave(behaviour, response);
  }

  #behave(behaviour: FileBehaviour, response: ServerResponse): void {
    switch (behaviour.kind) {
      case 'serves':
        end(response, 200, behaviour.bytes);
        break;
      case 'empty':
        end(response, 200, new Uint8Array());
        break;
      case 'status':
        end(response, behaviour.status);
        break;
      case 'redirects':
        response.setHeader('location', behaviour.to);
        end(response, behaviour.status ?? 302);
        break;
      case 'hangs_up':
        response.destroy();
        break;
      case 'silent':
        break;
      case 'endless':
        this.#sendEndlessly(response);
        break;
      default:
        sendPart(behaviour, response);
    }
  }

  #sendEndlessly(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'image/png' });
    const chunk = new Uint8Array(64 * 1024);
    const more = (): void => {
      let hasRoom = true;
      while (hasRoom && !response.destroyed) {
        this.sentEndlessly += chunk.length;
        hasRoom = response.write(chunk);
      }
    };
    response.on('drain', more);
    more();
  }
}

function sendPart(
  behaviour: Extract<FileBehaviour, { kind: 'stalls' | 'unpacks_to' | 'truncated' | 'cut_off' }>,
  response: ServerResponse,
): void {
  if (behaviour.kind === 'unpacks_to') {
    response.setHeader('content-encoding', 'gzip');
    end(response, 200, gzipSync(new Uint8Array(behaviour.bytes)));
    return;
  }
  if (behaviour.kind === 'stalls') {
    response.writeHead(200, { 'content-length': 2_000 });
    response.write(new Uint8Array(1_000));
    return;
  }
  const { bytes } = behaviour;
  response.writeHead(200, behaviour.kind === 'truncated' ? { 'content-length': bytes.length } : {});
  response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
}

function end(response: ServerResponse, status: number, body: Uint8Array = Buffer.from(`{"status":${status}}`)): void {
  // restify replaces writeHead for the whole process, and its own returns nothing to chain on.
  response.writeHead(status, { 'content-type': 'application/octet-stream', 'content-length': body.length });
  response.end(body);
}
