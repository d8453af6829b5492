import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runScript } from '../support/built.js';
import { run } from '../support/processes.js';

const POLICY = 'schools/example-primary/policies/social-media-policy.md';

async function ask(args: readonly string[], input = ''): Promise<{ code: unknown; printed: string }> {
  const asked = runScript('src/cli/ask.ts', args);
  asked.child.stdin?.end(input);
  return { code: await asked.ended, printed: asked.printed() };
}

describe('ask', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'policy-desk-ask-'));
    writeFileSync(join(folder, 'phones.txt'), 'Phones\n\nZebras must be kept in the stable during lessons.\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('answers JSON lines in order through npm, with nothing else on standard output', async () => {
    const questions = [
      'can i ring a parent from my own phone',
      'how do i book a day off',
      'a mum is slagging off the school on facebook',
      'hiya',
    ];
    const asked = run('npm', ['run', '--silent', 'ask', '--', '--policy', POLICY]);
    let printed = '';
    asked.child.stdout?.on('data', (text: string) => {
      printed += text;
    });
    asked.child.stdin?.end(
      questions.map((question, at) => `${JSON.stringify({ id: `q${at}`, question })}\n`).join('\n'),
    );
    expect(await asked.ended).toBe(0);
    const replies = printed
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(replies.map(({ id, intent, answered, category }) => [id, intent, answered, category])).toEqual([
      ['q0', 'question', true, null],
      ['q1', 'question', false, null],
      ['q2', 'report', false, 'disparaging_post'],
      ['q3', 'smalltalk', false, null],
    ]);
    const [first] = replies as { clauses: object[] }[];
    expect(first?.clauses[0]).toEqual({
      policy: 'social-media-policy',
      label: '6.2',
      heading: ['6. Phones and cameras'],
      text: expect.stringMatching(/^Staff must use a school phone to ring parents\./u),
      score: expect.any(Number),
    });
    expect(replies.every(({ clauses }) => (clauses as object[]).length <= 3)).toBe(true);
  });

  it('answers from several files, or from a school', async () => {
    const line = `${JSON.stringify({ id: '1', question: 'where are zebras kept' })}\n`;
    const both = await ask(['--policy', POLICY, '--policy', join(folder, 'phones.txt')], line);
    const { answered, clauses } = JSON.parse(both.printed) as { answered: boolean; clauses: object[] };
    expect(answered).toBe(true);
    expect(clauses[0]).toMatchObject({ policy: 'phones', label: null, heading: ['Phones'] });
    const school = await ask(['--school', 'example-primary'], line);
    expect(school.printed).toContain('social-media-policy');
    expect(school.printed).not.toContain('phones"');
  });

  it('answers a question given as an argument for a person', async () => {
    const { code, printed } = await ask(['--policy', POLICY, 'can i ring a parent from my own phone?']);
    expect(code).toBe(0);
    expect(printed).toContain('The policy says:');
    expect(printed).toContain(
      'Clause 6.2 › 6. Phones and cameras\nSocial Media Policy · version 3.1 · approved 21 Sep 2026',
    );
  });

  it.each([
    [['--policy', 'nowhere.txt', 'x'], /"nowhere\.txt" cannot be read/],
    [['--policy', 'package.json', 'x'], /package\.json is not a type of policy/],
    [['--school', 'nowhere', 'x'], /school\.yaml" cannot be read/],
    [['--colour', 'blue'], /Unknown option '--colour'/],
  ])('%j is refused in one sentence', async (args, words) => {
    const { code, printed } = await ask(args);
    expect(code).toBe(1);
    expect(printed).toMatch(words);
    expect(printed).not.toContain('    at ');
  });

  it('names the line it cannot read', async () => {
    const { code, printed } = await ask(['--policy', POLICY], '{"id":"1","question":"x"}\n{"id":2}\n');
    expect(code).toBe(1);
    expect(printed).toContain('Line 2 of standard input');
  });
});
