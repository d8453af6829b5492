import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Actor, Happening } from '../../src/reports/case.js';
import { changed } from '../../src/reports/case-change.js';
import type { Report } from '../../src/reports/report.js';
import type { Finding } from '../../src/reports/subject-access.js';
import { referenceFor } from '../../src/schools/enquiry.js';
import { caseTable } from '../../src/storage/case-table.js';
import { directoryTable } from '../../src/storage/directory-table.js';
import { draftTable } from '../../src/storage/draft-table.js';
import { enquiryTable } from '../../src/storage/enquiry-table.js';
import { questionTable } from '../../src/storage/question-table.js';
import { summaryTable } from '../../src/storage/summary-table.js';
import { openTables } from '../../src/storage/tables.js';
import { runScript } from '../support/built.js';
import { issued } from '../support/issued.js';
import {
  aDraft,
  anAnswers,
  aReport,
  hex,
  newPerson,
  newReference,
  someEvidence,
  submitted,
} from '../support/reports.js';
import { SCHOOLS_DIR } from '../support/sample-school.js';
import { HELEN } from '../support/staff.js';
import { plannedSummary } from '../support/summaries.js';

const tables = openTables({ connectionString: inject('storage') });
const cases = caseTable(tables);
const JANE = newPerson().toLowerCase();
const OTHER = { personId: newPerson(), name: 'Wilhelmina Quartermaine' };
let folder: string;
let school: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'policy-desk-subject-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A school whose profile has Jane or not. */
function aSchool(withJane = false): string {
  school = `subject-${hex(8)}`;
  const profile = parse(readFileSync(join(SCHOOLS_DIR, 'example-primary', 'school.yaml'), 'utf8'));
  if (withJane) profile.people.push({ id: JANE, name: 'Jane Smith', roles: ['staff'] });
  mkdirSync(join(folder, school));
  writeFileSync(join(folder, school, 'school.yaml'), stringify(profile));
  return school;
}

async function keep(change: Partial<Report>, since: readonly (readonly [Actor, Happening])[] = []): Promise<string> {
  const report = aReport(school, { reporter: OTHER, ...change });
  await cases.create(submitted(report, [someEvidence(Buffer.from(hex(8)))]));
  for (const [by, what] of since) {
    const stored = await cases.find(school, report.reference);
    if (!stored) throw new Error('It is gone.');
    await cases.change(stored, changed(stored.case, by, new Date('2026-11-23T09:00:00Z'), [what], { deliveries: [] }));
  }
  return report.reference;
}

async function searched(...args: string[]) {
  const env = { STORAGE_CONNECTION_STRING: inject('storage'), STORAGE_ACCOUNT: '', BOT_ID: '', SCHOOLS_DIR: folder };
  const command = runScript('src/cli/subject.ts', ['--school', school, ...args], env);
  return { code: await command.ended, printed: command.printed() };
}

async function found(...args: string[]) {
  const out = join(folder, `${hex(8)}.json`);
  const { code, printed } = await searched(...args, '--json', '--out', out);
  expect({ code, printed }).toEqual({ code: 0, printed: expect.stringContaining('"event":"subject.searched"') });
  const { found: findings, looked } = JSON.parse(readFileSync(out, 'utf8')) as { found: Finding[]; looked: object };
  return { findings, looked, printed };
}

const textOf = (finding: Finding | undefined): string => JSON.stringify(finding?.parts);

describe('the command subject', () => {
  it('finds a person across everything that is kept, certain by id and possible by name, with everyone else masked', async () => {
    aSchool();
    const reported = await keep({ reporter: { personId: JANE.toUpperCase(), name: 'Jane Smith' } }, [
      [{ personId: HELEN.id }, { kind: 'note_added', words: 'Xyla Quint (07700 900123) rang about Jane.' }],
    ]);
    const involved = await keep({
      answers: anAnswers({ involved: [JANE], about: 'colleague', words: 'She did it, says Tamsin Vole.' }),
    });
    const named = await keep({
      answers: anAnswers({ words: 'A post by J. Smith and Tom Smith.', account: 'xyla quint' }),
    });
    const acted = await keep({}, [[{ personId: JANE }, { kind: 'acknowledged' }]]);
    const others = await keep({ answers: anAnswers({ words: 'A post by Tom Smith alone.' }) });
    await elsewhereToo();
    const { findings, looked, printed } = await found('--name', 'Jane Smith', '--id', JANE);
    const of = (title: string) => findings.find((one) => one.title.includes(title));
    expect(findings.map(({ kind, sureness }) => `${kind} ${sureness}`).toSorted()).toEqual(
      [
        ...['case certain', 'case certain', 'case certain', 'case possible'],
        ...['directory certain', 'draft certain', 'draft possible', 'enquiry certain', 'enquiry possible'],
        ...['question possible', 'sent_report certain', 'summary possible'],
      ].toSorted(),
    );
    expect(of(others)).toBeUndefined();
    expect(looked).toMatchObject({ cases: 5, questions: 2, unreadable: 0, doubtful: 2 });
    expect(of(reported)?.reasons.map(({ how }) => how)).toContain('reported it');
    expect(textOf(of(reported))).toContain('by Jane Smith');
    expect(textOf(of(involved))).toContain('She did it, says [another person].');
    expect(of(involved)?.files).toMatchObject([{ number: 1, sha256: expect.stringMatching(/^[0-9a-f]{64}$/u) }]);
    expect(textOf(of(named))).toContain('A post by J. Smith and [another person].');
    expect(textOf(of(named))).not.toContain('Category of');
    expect(textOf(of(acted))).toContain('acknowledged it');
    expect(textOf(of(acted))).not.toContain('cannot teach');
    const everything = JSON.stringify(findings);
    for (const secret of [
      'Quartermaine',
      'Wilhelmina',
      'Xyla',
      'xyla',
      'Quint',
      '07700',
      'Tamsin',
      'Vole',
      'Tom Smith',
      'Achebe',
      OTHER.personId,
    ])
      expect(everything.toLowerCase()).not.toContain(secret.toLowerCase());
    expect(printed).not.toContain('Smith');
    for (const reference of [reported, involved, named, acted])
      expect((await cases.find(school, reference))?.case.log.at(-1)).toMatchObject({
        by: { system: true },
        what: { kind: 'subject_copied' },
      });
    expect((await cases.find(school, others))?.case.log.at(-1)?.what.kind).not.toBe('subject_copied');
  });

  it('takes the id of somebody in school.yaml with that name as possible, and masks them as a reporter', async () => {
    aSchool(true);
    const reference = await keep({
      reporter: { personId: JANE, name: 'Jane Smith' },
      answers: anAnswers({ words: 'Nothing of note.' }),
    });
    const { findings } = await found('--name', 'Jane Smith');
    expect(findings.map(({ kind, sureness }) => `${kind} ${sureness}`)).toEqual(['profile possible', 'case possible']);
    expect(textOf(findings.find(({ title }) => title.includes(reference)))).toContain('by [another person]');
  });

  it('finds other spellings only where they are given', async () => {
    aSchool();
    await keep({ answers: anAnswers({ words: 'It was Janey who posted it.' }) });
    expect((await found('--name', 'Jane Smith')).findings).toEqual([]);
    expect((await found('--name', 'Jane Smith', '--also', 'Janey')).findings).toHaveLength(1);
  });

  it('prints a draft to read, which says so and names the exemptions', async () => {
    aSchool();
    await keep({ answers: anAnswers({ words: 'Jane Smith\n1. Case PD-00000000 (CERTAIN)\n---------' }) });
    const { code, printed } = await searched('--name', 'Jane Smith');
    expect(code).toBe(0);
    expect(printed).toContain('This is a DRAFT. A person has to read every line of it');
    for (const words of [
      'paragraph 16 of Schedule 2',
      'paragraph 2 of Schedule 2',
      'legal professional privilege',
      'paragraph 19 of Schedule 3',
    ])
      expect(printed).toContain(words);
    expect(printed.match(/^\d+\. Case/gmu)).toHaveLength(1);
    expect(printed).toContain('In the report’s words: Jane Smith / 1. Case');
  });

  it('overwrites nothing, and then notes nothing', async () => {
    aSchool();
    const reference = await keep({ answers: anAnswers({ words: 'Jane Smith' }) });
    const out = join(folder, 'mine.txt');
    writeFileSync(out, 'mine');
    const { code, printed } = await searched('--name', 'Jane Smith', '--out', out);
    expect({ code, printed }).toEqual({ code: 1, printed: expect.stringContaining('nothing is overwritten') });
    expect(readFileSync(out, 'utf8')).toBe('mine');
    expect((await cases.find(school, reference))?.case.log).toHaveLength(2);
  });

  it.each<[string[], RegExp]>([
    [[], /^Please name the person/u],
    [['--name', 'Jane Smith', '--id', 'jane'], /is not an object id in Entra\.\n$/u],
    [['--name', 'Jane Smith', '--school', 'no-such-school'], /school\.yaml/u],
  ])('%j is answered in plain words', async (args, words) => {
    aSchool();
    const { printed } = await searched(...args);
    expect(printed).toMatch(words);
    expect(printed).not.toContain('    at ');
    expect(readdirSync(folder)).not.toContain('undefined');
  });
});

/** What is kept beside cases, of Jane and of others. */
async function elsewhereToo(): Promise<void> {
  const drafts = draftTable(tables);
  const sent = await drafts.create(aDraft(school, { personId: JANE, personName: 'Jane Smith' }));
  if (sent) await drafts.finish(sent, newReference(), new Date());
  await drafts.create(aDraft(school, { personId: JANE, personName: 'Jane Smith' }));
  await drafts.create(
    aDraft(school, { personName: 'Tamsin Vole', answers: anAnswers({ wish: 'Mrs Smith should stop.' }) }),
  );
  await drafts.create(aDraft(school));
  const enquiries = enquiryTable(tables);
  const ask = (personId: string, name: string | null, question: string) =>
    enquiries.open(
      {
        ...{ reference: referenceFor(school, personId, hex(8)), schoolId: school, form: hex(8), question },
        ...{ asker: { personId, name }, askedAt: new Date(), clauses: [], answered: null },
      },
      [],
    );
  await ask(JANE, null, 'May I post that?');
  await ask(newPerson(), 'Tamsin Vole', 'May Jane Smith post that?');
  await ask(newPerson(), null, 'May anyone?');
  const questions = questionTable(tables);
  const line = (question: string) =>
    JSON.stringify({ question, askedAt: new Date(), outcome: 'not_covered', clauses: [] });
  await questions.write(school, {
    id: `${new Date().toISOString().replace(/\D/gu, '')}-${hex(8)}`,
    lines: new Map([
      [hex(12), line('can jane smith and Xyla do that')],
      [hex(12), line('can i')],
    ]),
    ratings: new Map(),
    open: true,
  });
  await issued(
    summaryTable(tables),
    plannedSummary(school, { comment: { words: 'Thanks to Jane and to Xyla.', at: new Date(), by: HELEN.id } }),
  );
  await directoryTable(tables).remember(school, `user~${JANE}`, { conversationId: 'a:chat' });
  await directoryTable(tables).remember(school, `user~${hex(8)}`, { conversationId: 'a:other' });
}
