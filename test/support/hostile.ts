import { request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';

/** Stands in all that the hostile tests send, so that it can be looked for where it must not be. */
export const TOKEN = 'Zqxvj';

/** Without which a request is taken for one that never ends. */
const HANG_MS = 60_000;

/** Characters that are not seen, turn the line round, or look like others. */
export const UNSEEN = {
  bidirectional: '\u202e\u202d\u202a\u202c\u2066\u2067\u2069\u200e\u200f\u061c',
  zeroWidth: '\u200b\u200c\u200d\u2060\ufeff\u00ad',
  control: '\u0000\u0007\u001b[31m\u0008\u007f\u0085\u2028\u2029',
  surrogates: '\ud83d \udc00',
  homoglyphs: 'Ηеlеn Асhеbе ａｄｍｉｎ',
} as const;

/** What somebody may type in order to be more than words, by what it tries. Each holds the mark that it is given at both ends. */
export const ATTACKS: Readonly<Record<string, (mark: string) => string>> = {
  markdown: (mark) =>
    `${mark} **bold** _em_ \`code\` [link](https://evil.example) ![i](https://evil.example/x.png) ${mark}`,
  'Markdown blocks': (mark) => `# ${mark}\n- one\n1. two\n> three\n***\n| a | b |\n|---|---|\n${mark}`,
  html: (mark) =>
    `${mark} <b>x</b><script>alert(1)</script><img src=x onerror="alert(1)"><a href='javascript:alert(1)'>y</a> ${mark}`,
  'attributes of HTML': (mark) => `${mark} "' autofocus onfocus=alert(1) x='"></textarea></title></style>--> ${mark}`,
  'markup of Teams': (mark) => `${mark} <at>Policy Desk</at> <at id="0">Helen</at> &lt;b&gt; &nbsp; &amp; ${mark}`,
  templating: (mark) => `${mark} \${1+1} \${name} \${$root.reference} \${json('{}')} \${{a:1}} $\{ ${mark}`,
  expressions: (mark) =>
    `${mark} @{1+1} @{concat('a','b')} \${if(true,'y','n')} {{DATE(2026-11-20T00:00:00Z,SHORT)}} {{TIME(x)}} ${mark}`,
  unseen: (mark) => `${mark} ${Object.values(UNSEEN).join(' ')} ${mark}`,
  formulas: (mark) => `=HYPERLINK("https://evil.example","${mark}")\t+1 -1 @SUM(1) ${mark}`,
  queries: (mark) => `${mark}' or 1 eq 1 or '' eq '; DROP TABLE x;--%00%0d%0a../../etc/passwd\\..\\ ${mark}`,
  'stack traces': (mark) => `${mark}\n    at ${mark} (/src/${mark}.ts:1:1)\n    at node:${mark}:1:1`,
};

const LONG = 200_000;

/** Values that are not what anybody expects. */
export const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, false, 0, -1, 1.5, 1e308, -0, Number.MAX_SAFE_INTEGER + 2, '', ' ', 'null', '[]', '{}'],
    ...[[], {}, [[]], [null], ['__proto__'], { length: 1e9 }, { toString: 1, valueOf: 1 }, { toJSON: 'x' }],
    ...['9999-99-99', '-271821-04-20', '2026-11-20T15:42:00.000Z', '+275760-09-13T00:00:00.001Z', 'PD-00000000'],
    ...['constructor', '__proto__', 'toString', 'hasOwnProperty', 'message', 'invoke', 'adaptiveCard/action'],
  ),
  fc.constantFrom(...Object.values(ATTACKS)).map((attack) => attack(TOKEN)),
  fc.constantFrom(...Object.values(UNSEEN)).map((text) => `${text}${TOKEN}${text}`),
  fc.constantFrom(10, 1_000, LONG).map((length) => `${TOKEN} `.repeat(length / 6)),
  fc.constantFrom(10, 1_000, 20_000).map((length) => Array.from({ length }, () => TOKEN)),
  fc.constantFrom(10, 70, 500).map(nested),
  fc.string({ unit: 'binary', maxLength: 60 }).map((text) => TOKEN + text),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Lists in lists. */
export function nested(depth: number): unknown {
  let value: unknown = TOKEN;
  for (let at = 0; at < depth; at += 1) value = at % 2 ? [value] : { value };
  return value;
}

const POISONS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'toJSON', 'then'] as const;
/** What a poisoned prototype would have. */
const POISON = { polluted: TOKEN, isAdmin: true, prototype: { polluted: TOKEN }, roles: ['headteacher'] };

interface Mutation {
  readonly at: number;
  readonly kind: 'replace' | 'remove' | 'double' | 'wrap' | 'retype' | 'poison' | 'rename' | 'move' | 'append';
  readonly value: unknown;
  readonly other: number;
}

export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    at: fc.nat(),
    kind: fc.constantFrom<Mutation['kind']>(
      ...(['replace', 'replace', 'remove', 'double', 'wrap', 'retype', 'poison', 'rename', 'move', 'append'] as const),
    ),
    value: odd,
    other: fc.nat(),
  }),
  { minLength: 1, maxLength: 5 },
);

interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function placesIn(value: unknown, found: Place[] = []): Place[] {
  if (typeof value !== 'object' || value === null) return found;
  for (const key of Object.keys(value)) {
    found.push({ holder: value as Record<string, unknown>, key });
    placesIn((value as Record<string, unknown>)[key], found);
  }
  return found;
}

/** Sets it as JSON would, also where the key is `__proto__`. */
const put = (holder: object, key: string, value: unknown) =>
  Object.defineProperty(holder, key, { value, enumerable: true, writable: true, configurable: true });

/** A valid message with some of its fields replaced, removed, doubled, wrapped, retyped, renamed, moved or poisoned. */
export function mutated(valid: object, list: readonly Mutation[]): object {
  const root = { value: structuredClone(valid) as unknown };
  for (const { at, kind, value, other } of list) {
    const places = placesIn(root.value);
    const place = places[at % Math.max(places.length, 1)];
    if (!place) break;
    mutate(place, kind, value, places[other % places.length] ?? place);
  }
  return Object(root.value) as object;
}

function mutate({ holder, key }: Place, kind: Mutation['kind'], value: unknown, other: Place): void {
  const now = holder[key];
  switch (kind) {
    case 'remove':
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      break;
    case 'double':
      put(holder, key, [now, structuredClone(now)]);
      break;
    case 'wrap':
      put(holder, key, { value: now, [key]: structuredClone(now) });
      break;
    case 'retype':
      put(holder, key, retyped(now));
      break;
    case 'poison':
      for (const name of POISONS)
        put(Object(now === null || typeof now !== 'object' ? holder : now), name, structuredClone(POISON));
      break;
    case 'rename':
      delete holder[key];
      put(holder, key.toUpperCase(), now);
      break;
    case 'move':
      put(holder, key, structuredClone(other.holder[other.key]));
      break;
    case 'append':
      put(holder, key, typeof now === 'string' ? now + textOf(value).slice(0, 1_000) : value);
      break;
    default:
      put(holder, key, value);
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

function retyped(value: unknown): unknown {
  if (typeof value === 'string') return [...value].length % 2 ? 1 : [value];
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return JSON.stringify(value) ?? '';
}

/** Bytes with some of them changed, cut off, doubled or put in. */
export function broken(
  bytes: Buffer,
  list: readonly { at: number; kind: number; byte: number }[],
): Buffer<ArrayBuffer> {
  let all = Buffer.from(bytes);
  for (const { at, kind, byte } of list) {
    const place = at % Math.max(1, all.length);
    if (kind === 0) all = all.subarray(0, place);
    else if (kind === 1)
      all = Buffer.concat([all.subarray(0, place), all.subarray(place, place + byte), all.subarray(place)]);
    else if (kind === 2) all = Buffer.concat([all.subarray(0, place), Buffer.alloc(byte, byte), all.subarray(place)]);
    else if (all.length > 0) all[place] = kind === 3 ? (all[place] ?? 0) ^ (1 << (byte % 8)) : byte;
  }
  return Buffer.from(all);
}

export const breaks = fc.array(fc.record({ at: fc.nat(), kind: fc.nat(5), byte: fc.nat(255) }), {
  minLength: 1,
  maxLength: 6,
});

/** An answer to a request that was written by hand. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Sends a request in pieces with exactly these headers. Rejects where nothing is ever answered. */
export function sendPieces(
  url: string,
  method: string,
  headers: OutgoingHttpHeaders,
  pieces: readonly (string | Uint8Array)[] = [],
): Promise<RawAnswer | 'closed'> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      request.destroy();
      reject(new Error('The request never ended.'));
    }, HANG_MS);
    const done = (answer: RawAnswer | 'closed') => {
      clearTimeout(timer);
      resolve(answer);
    };
    const request = httpRequest(url, { method, headers, agent: false }, async (response) => {
      const parts: Buffer[] = [];
      for await (const part of response) parts.push(part as Buffer);
      const text = Buffer.concat(parts).toString('latin1');
      done({ status: response.statusCode ?? 0, headers: response.headers, text });
    });
    request.on('error', () => done('closed'));
    for (const piece of pieces) request.write(piece);
    request.end();
  });
}

/** Writes bytes to the port and reads until the server closes or has answered so many times; then hangs up. */
export function sendBytes(address: string, bytes: string | Uint8Array, answers = 1): Promise<string> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    let got = '';
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error('The request never ended.'));
    }, HANG_MS);
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(got);
    };
    socket.on('data', (data) => {
      got += data.toString('latin1');
      if ((got.match(/^HTTP\/1\.1 /gmu)?.length ?? 0) >= answers && /\r\n\r\n/u.test(got)) setTimeout(end, 20);
    });
    socket.on('error', end).on('close', end);
  });
}

/** Notes rejections that nobody handled, which would end the process. */
export class Watched {
  readonly faults: unknown[] = [];
  readonly #note = (fault: unknown) => void this.faults.push(fault);

  constructor() {
    process.on('unhandledRejection', this.#note);
    process.on('uncaughtException', this.#note);
  }

  stop(): void {
    process.off('unhandledRejection', this.#note);
    process.off('uncaughtException', this.#note);
  }
}

/** Bytes of the heap and of buffers beside it that are still held when everything else has been collected. */
export async function heldBytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = 0; round < 3; round += 1) {
    collect();
    await setImmediate();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const BUILT_IN = [Object, Array, Function, String, Number, Boolean, Error, Map, Set, Promise] as const;

/** Names of built-in prototypes that have got properties as assigning makes them; libraries that fill in what is missing hide theirs. */
export const pollutedPrototypes = (): string[] =>
  BUILT_IN.filter(({ prototype }) => Object.keys(prototype).length > 0 || 'polluted' in prototype).map(
    ({ name }) => name,
  );

/** Says once what was done, for whoever reads the run. */
export const tell = (what: string, figures: Readonly<Record<string, number>>): void => {
  const said = Object.entries(figures).map(([name, figure]) => `${figure.toLocaleString('en-GB')} ${name}`);
  process.stdout.write(`Hostile input, ${what}: ${said.join(', ')}.\n`);
};
