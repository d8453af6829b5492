import { describe, expect, inject, it } from 'vitest';
import { createLog } from '../../src/log.js';
import { bufferQuestions } from '../../src/storage/question-buffer.js';
import { questionTable } from '../../src/storage/question-table.js';
import { openTables } from '../../src/storage/tables.js';
import { runScript } from '../support/built.js';
import { freePorts } from '../support/ports.js';

async function policies(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: unknown; printed: string }> {
  const storage = { STORAGE_CONNECTION_STRING: inject('storage'), STORAGE_ACCOUNT: '', BOT_ID: '' };
  const command = runScript('src/cli/policies.ts', args, { ...storage, ...env });
  return { code: await command.ended, printed: command.printed() };
}

describe('policies gaps', () => {
  it('lists what a school’s policies left open since a day', async () => {
    const table = questionTable(openTables({ connectionString: inject('storage') }));
    const askedAt = new Date('2024-02-03T12:00Z');
    await bufferQuestions(table, createLog('silent'), () => askedAt).record('example-primary', {
      question: 'zorbing wobbegong flumph',
      askedAt,
      outcome: 'not_covered',
      clauses: [],
    });
    const since = await policies(['gaps', '--school', 'example-primary', '--since', '2024-01-01']);
    expect(since.printed).toContain(
      'What the policy of Example Primary School leaves open, by questions since 2024-01-01:',
    );
    expect(since.printed).toContain('asked too seldom to be shown in words');
    expect(since.printed).not.toContain('flumph');
    expect(since.code).toBe(0);
  });

  it.each<[string[], NodeJS.ProcessEnv, RegExp]>([
    [['gaps', '--since', 'may'], {}, /"may" is not a date such as 2026-09-01/],
    [['gaps', '--since', '2026-02-31'], {}, /"2026-02-31" is not a date/],
    [['gaps', '--school', 'nowhere'], {}, /school\.yaml" cannot be read/],
    [['gaps', '--colour'], {}, /Unknown option '--colour'/],
    [['mend'], {}, /There is no command "mend"/],
    [['gaps'], { STORAGE_ACCOUNT: 'both' }, /Set one of STORAGE_CONNECTION_STRING and STORAGE_ACCOUNT/],
  ])('%j is refused in plain words', async (args, env, words) => {
    const { code, printed } = await policies(args, env);
    expect(code).toBe(1);
    expect(printed).toMatch(words);
    expect(printed).not.toContain('    at ');
  });

  it('says in one sentence that storage does not answer', async () => {
    const port = await freePorts(1);
    const nowhere = `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:${port}/devstoreaccount1;`;
    const { code, printed } = await policies(['gaps'], { STORAGE_CONNECTION_STRING: nowhere });
    expect(code).toBe(1);
    expect(printed).toBe(
      'The questions cannot be read: Table storage does not answer. Check STORAGE_CONNECTION_STRING or STORAGE_ACCOUNT.\n',
    );
  });

  it('explains itself', async () => {
    expect((await policies([])).printed).toContain('npm run --silent policies -- gaps [--school ID] [--since DATE]');
  });
});
