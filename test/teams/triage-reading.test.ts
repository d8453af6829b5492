import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { CASE_TABLE } from '../../src/storage/case-table.js';
import { openTables } from '../../src/storage/tables.js';
import { FIND_CASE_COMMAND } from '../../src/teams/find-cases.js';
import { aSearch, from } from '../support/activities.js';
import { cardText, type Reply } from '../support/bot.js';
import { aReport, submitted } from '../support/reports.js';
import { BETH, DANIEL, HELEN, RUTH, referenceIn, Staffroom, TYPED, wholeOf } from '../support/staff.js';
import { act } from '../support/triaging.js';

let room: Staffroom;
/** References. */
let usual: string, aboutHead: string;

beforeAll(async () => {
  room = await Staffroom.open();
  const beth = room.chatOf(BETH);
  const where = { ...TYPED.where, place: 'https://example.org/post/1' };
  usual = referenceIn(cardText(await beth.report({ where })));
  aboutHead = referenceIn(cardText(await beth.report({ where, what: { ...TYPED.what, about: 'headteacher' } })));
  await act(room, aboutHead, { do: 'assign', to: DANIEL.id }, RUTH);
  for (const someone of [HELEN, DANIEL]) {
    await room.chatOf(someone).say('hello');
    await room.chatOf(someone).run('case.open', { reference: usual, seen: 0 });
  }
});
afterAll(() => room.close());

const read = (someone: typeof HELEN): Promise<Reply> =>
  room.chatOf(someone).run('case.act', { reference: usual, seen: 99, do: 'refresh' });

it('a case that is not for everyone who reads another is neither offered there nor linked', async () => {
  const daniel = room.chatOf(DANIEL);
  expect(wholeOf(await read(DANIEL))).toContain(usual);
  expect(wholeOf(await read(DANIEL))).not.toContain(aboutHead);
  const typed = { reference: usual, seen: 99, to: aboutHead };
  for (const data of [
    { ...typed, do: 'link' },
    { ...typed, do: 'same_post' },
  ])
    expect(cardText(await daniel.run('case.act', data))).toContain(
      'Not everyone who reads this case may know of that one',
    );
  expect(JSON.stringify((await room.caseOf(usual)).log)).not.toContain(aboutHead);
});

it('a case that was linked before somebody came to read the other is named only to those who may read it', async () => {
  await act(room, usual, { do: 'link', to: aboutHead }, DANIEL);
  expect(wholeOf(await read(DANIEL))).toContain(aboutHead);
  const card = wholeOf(await read(HELEN));
  expect(card).toContain(usual);
  expect(card).not.toContain(aboutHead);
  expect(card).not.toMatch(/linked/iu);
});

it('a case that cannot be read keeps nobody from the others', async () => {
  const { case: damaged, ...change } = submitted(aReport(room.school.profile.id));
  await room.bot.reports.cases.create({ case: damaged, ...change });
  const client = await openTables({ connectionString: inject('storage') })
    .table(CASE_TABLE)
    .client();
  await client.deleteEntity(`${room.school.profile.id}~${damaged.report.reference}`, 'event~000001');
  expect(wholeOf(await read(HELEN))).toContain(usual);
  expect(wholeOf((await room.chatOf(HELEN).say('open cases'))[0])).toContain(usual);
  const searched = { commandId: FIND_CASE_COMMAND.id, parameters: [{ name: 'words', value: usual }] };
  const found = await room.bot.send(from(HELEN, aSearch(searched, room.options)));
  expect(await found.text()).toContain(usual);
});
