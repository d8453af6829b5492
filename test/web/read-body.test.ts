import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeText } from '../../src/typed-text.js';
import { readJsonObject } from '../../src/web/read-body.js';

/** A request with that body, as far as reading one looks at it. */
function requestOf(body: string): IncomingMessage {
  const headers = { 'content-type': 'application/json' };
  return Object.assign(Readable.from([Buffer.from(body)]), { headers }) as unknown as IncomingMessage;
}

const read = (body: string) => readJsonObject(requestOf(body), 1_000_000);

/** Every text made safe and every `__proto__` left out, as it is meant, in the slowest way. */
function madeSafe(value: unknown): unknown {
  if (typeof value === 'string') return safeText(value);
  if (Array.isArray(value)) return value.map(madeSafe);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.keys(value).filter((key) => key !== '__proto__');
  return Object.fromEntries(kept.map((key) => [key, madeSafe((value as Record<string, unknown>)[key])]));
}

/** As some senders write: every character beyond ASCII, and every letter p, by its number. */
const escaped = (json: string): string =>
  json.replace(
    /[^\x20-\x7e]|(?<!\\)p/gu,
    (character) =>
      `${Array.from({ length: character.length }, (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}`,
  );

const unsafe = fc.constantFrom(
  '\u202e',
  '\u200b',
  '\u2028',
  '\u0085',
  '\u0000',
  '\b',
  '\f',
  '\u007f',
  '\ud83d',
  '\\b',
  '\ufeff',
);
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.tuple(fc.string(), unsafe, fc.string()).map((parts) => parts.join('')),
);
const objects = fc.dictionary(
  fc.oneof(text, fc.constantFrom('__proto__', 'text', 'constructor')),
  fc.jsonValue().chain((value) => fc.constantFrom(value, { text: value })),
  { noNullPrototype: true },
);

describe('readJsonObject', () => {
  it('makes every text safe however it was written, and leaves all else as it was', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string(), fc.oneof(text, objects, fc.array(text))),
        fc.boolean(),
        async (sent, byNumber) => {
          const json = JSON.stringify(sent);
          expect(await read(byNumber ? escaped(json) : json)).toEqual(madeSafe(JSON.parse(json)));
        },
      ),
      { numRuns: 400 },
    );
  });

  it.each([
    '{"__proto__":{"isAdmin":true}}',
    '{"\\u005f_proto__":{"isAdmin":true}}',
    '{"a":[{"__proto__":{"isAdmin":true}}]}',
  ])('leaves out what would become a prototype: %s', async (body) => {
    const copy = structuredClone(await read(body));
    expect(JSON.stringify(copy)).not.toContain('isAdmin');
  });

  it('refuses what is nested deeper than 64 levels, and takes 64', async () => {
    const nested = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    await expect(read(nested(64))).resolves.toHaveProperty('a');
    await expect(read(nested(65))).rejects.toMatchObject({ status: 400 });
    await expect(read(nested(100_000))).rejects.toMatchObject({ status: 400 });
  });
});
