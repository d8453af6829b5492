import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runScript } from '../support/built.js';

async function policies(...args: readonly string[]): Promise<{ code: unknown; printed: string }> {
  const asked = runScript('src/cli/policies.ts', args);
  return { code: await asked.ended, printed: asked.printed() };
}

const DOCUMENT = 'test/documents/auto-numbered.docx';

describe('policies', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'policy-desk-policies-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  it('explains itself, and names what it does not know', async () => {
    expect(await policies()).toMatchObject({ code: 0, printed: expect.stringContaining('check FILE') });
    const { code, printed } = await policies('chekc');
    expect({ code, printed: printed.trim() }).toEqual({
      code: 1,
      printed: expect.stringMatching(/^There is no command "chekc"\./u),
    });
  });

  it('lists each school with its policies', async () => {
    const { code, printed } = await policies('list');
    expect(code).toBe(0);
    expect(
      printed
        .trim()
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual([
      'Example Primary School (example-primary)',
      'Social Media Policy · version 3.1 · approved 21 Sep 2026 · review due 20 Sep 2027',
      '144 clauses, from schools/example-primary/policies/social-media-policy.md',
    ]);
  });

  it('shows every clause with its id, its place and its quote', async () => {
    const ofSchool = await policies('show', '--school', 'example-primary');
    expect(ofSchool.code).toBe(0);
    expect(ofSchool.printed).toMatch(/^[0-9a-f]{10} {2}Clause 7\.2\(a\) › 7\. Official accounts$/mu);
    const ofFile = await policies('show', '--policy', DOCUMENT);
    expect(ofFile.printed.match(/^[0-9a-f]{10}(?:-\d+)? {2}/gmu)).toHaveLength(144);
    expect(await policies('show')).toMatchObject({ code: 1, printed: expect.stringContaining('--school ID') });
  });

  it('checks a document: what it says of itself, its outline, its clauses and what was left out', async () => {
    const { code, printed } = await policies('check', DOCUMENT);
    expect(code).toBe(0);
    for (const line of [
      /^Version {3}3\.1$/mu,
      /^Approved {2}21 Sep 2026$/mu,
      /^Clauses {3}144$/mu,
      /^ {4}5\. Contact with pupils, families and colleagues$/mu,
      /^ {2}Clause 5\.1 › 5\. Contact with pupils, families and colleagues$/mu,
      /^ {2}Example Primary School \(header or footer\)$/mu,
      /^Please look at\n {2}nothing$/mu,
    ])
      expect(printed).toMatch(line);
  });

  it('checks a document with doubtful places, and still says that it can be read', async () => {
    const lines = [
      'Phones',
      '',
      '1. Staff must ask first.',
      '',
      '4. Staff must then wait for the',
      '',
      '(c) deputy head.',
      '',
      'Visitors must not:',
    ];
    const { code, printed } = await policies('check', file('doubtful.txt', lines.join('\n')));
    expect(code).toBe(0);
    const doubts = printed.slice(printed.indexOf('Please look at'));
    for (const words of [
      'No version was found',
      'No date of approval was found',
      'The number 4 comes after 1. A clause may be missing.',
      'ends in the middle of a sentence',
      'no sentence above it that announces',
      'announces a list, but none follows',
    ])
      expect(doubts).toContain(words);
  });

  it.each([
    ['locked.pdf', () => 'test/documents/locked.pdf', /^locked\.pdf is protected with a password\. .*\.$/u],
    ['an empty file', () => file('empty.docx', ''), /^empty\.docx is empty\. .*\.$/u],
    [
      'another type',
      () => file('policy.odt', 'x'),
      /^policy\.odt is not a type of policy that can be read\. Use \.md, \.txt, \.docx or \.pdf\.$/u,
    ],
    ['no file', () => join(folder, 'none.pdf'), /^The file ".*none\.pdf" cannot be read\.$/u],
  ])('refuses %s with one sentence and a code', async (_, path, sentence) => {
    const { code, printed } = await policies('check', path());
    expect(code).toBe(1);
    expect(printed.trim()).toMatch(sentence);
  });
});
