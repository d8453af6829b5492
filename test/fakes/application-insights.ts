import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** One item of telemetry, as Application Insights takes it. */
export interface Envelope {
  readonly name: string;
  readonly iKey: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly data: { readonly baseType: string; readonly baseData: BaseData };
}
interface BaseData {
  readonly name?: string;
  readonly message?: string;
  readonly success?: boolean;
  readonly properties?: Readonly<Record<string, string>>;
  readonly metrics?: readonly {
    readonly name: string;
    readonly value: number;
    readonly count?: number;
    readonly max?: number;
  }[];
}

/** A key that everybody may know, with a certificate for 127.0.0.1 that only processes told so will trust. */
const tls = (name: string) => fileURLToPath(new URL(`./tls/${name}.pem`, import.meta.url));
const KEY = '0c0ffee0-1111-4222-8333-444455556666';

/**
 * A fake of Application Insights: a loopback server that speaks its ingestion protocol (`POST /v2.1/track` over TLS, JSON lines or a
 * list, mostly gzipped), and keeps all it was sent.
 */
export class FakeApplicationInsights {
  readonly #server: Server;
  /** Every request as it came: its line and headers, and its body as it is after unpacking. */
  readonly said: { readonly line: string; readonly headers: string; readonly body: string }[] = [];
  readonly envelopes: Envelope[] = [];
  /** Takes what it is sent, and never answers. */
  isStuck = false;
  /** How many bodies came gzipped. */
  gzipped = 0;

  private constructor() {
    this.#server = createServer(
      { key: readFileSync(tls('key')), cert: readFileSync(tls('certificate')) },
      (request, response) => void this.#take(request, response),
    );
  }

  static async start(): Promise<FakeApplicationInsights> {
    const insights = new FakeApplicationInsights();
    await new Promise<void>((resolve) => insights.#server.listen(0, '127.0.0.1', resolve));
    return insights;
  }

  /** What a process needs in its environment to tell this one. */
  get environment(): NodeJS.ProcessEnv {
    const address = `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
    return {
      APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=${KEY};IngestionEndpoint=${address};LiveEndpoint=${address}`,
      NODE_EXTRA_CA_CERTS: tls('certificate'),
    };
  }

  /** All values of a metric so far. */
  values(name: string): { readonly value: number; readonly properties: Readonly<Record<string, string>> }[] {
    return this.of('MetricData').flatMap(({ metrics = [], properties = {} }) =>
      metrics.filter((one) => one.name === name).map(({ value }) => ({ value, properties })),
    );
  }

  of(baseType: string): BaseData[] {
    return this.envelopes.filter(({ data }) => data.baseType === baseType).map(({ data }) => data.baseData);
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const sent = Buffer.concat(await request.toArray());
    const isGzipped = headers['content-encoding'] === 'gzip';
    if (isGzipped) this.gzipped += 1;
    const body = (isGzipped ? gunzipSync(sent) : sent).toString();
    this.said.push({ line: `${method} ${url}`, headers: JSON.stringify(headers), body });
    if (this.isStuck) return;
    const items = method === 'POST' && url === '/v2.1/track' ? itemsIn(body) : undefined;
    // restify replaces writeHead for the whole process, and its own returns nothing to chain on.
    response.writeHead(items ? 200 : 404, { 'content-type': 'application/json' });
    this.envelopes.push(...(items ?? []));
    const count = items?.length ?? 0;
    response.end(JSON.stringify({ itemsReceived: count, itemsAccepted: count, errors: [] }));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function itemsIn(body: string): Envelope[] {
  return body.trimStart().startsWith('[')
    ? JSON.parse(body)
    : body.split('\n').flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line)]));
}
