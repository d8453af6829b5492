import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORM_NAMES } from '../../src/teams/triage-forms.js';
import { Grounds, LETTERS, type Letter, PEOPLE, PLACES, type Place, type Shown } from '../support/authority.js';
import { linksTo } from '../support/links.js';
import { noteRegistrations } from '../support/registrations.js';
import { digestOfStore } from '../support/store-digest.js';
import { isFull } from '../support/thoroughness.js';
import { ACTIONS, type Action } from './actions.js';
import { NOTHING, NOVEMBER, SECRETS, type Subject } from './subjects.js';
import { type Row, sectionsOf, TABLE } from './table.js';

const SECTIONS = sectionsOf(TABLE);
const ROWS = SECTIONS.flatMap(({ rows }) => rows);
const found = noteRegistrations();
let cells = 0;
afterAll(() => {
  const form = isFull ? '' : ' (short form)';
  process.stdout.write(`Authority: ${ROWS.length} actions, ${cells} cells of the table checked${form}.\n`);
});

function actionOf({ action }: Row): Action {
  const known = ACTIONS[action];
  if (!known) throw new Error(`Nobody says how "${action}" is done.`);
  return known;
}

interface Cell {
  readonly letter: Letter;
  readonly place: Place;
}

/** In the short form, what everyone may do is done by everyone in their own chats, and by one in each other place. */
function allowedCells({ may }: Row, at: number): readonly Cell[] {
  return PLACES.flatMap((place, which) => {
    const letters = may[place];
    const isForMost = letters.length > 5 && place !== 'own chat';
    const chosen = isFull || !isForMost ? letters : letters.slice((at + which) % letters.length).slice(0, 1);
    return chosen.map((letter) => ({ letter, place }));
  });
}

/** In the short form, all are refused in their own chats, and a third of them in another place, other ones for each action. */
function refusedCells({ may }: Row, at: number): readonly Cell[] {
  return LETTERS.flatMap((letter, which) => {
    const places = PLACES.filter((place) => !may[place].includes(letter));
    if (isFull) return places.map((place) => ({ letter, place }));
    const own = places.filter((place) => place === 'own chat');
    const others = places.filter((place) => place !== 'own chat');
    const other = (at + which) % 3 === 0 ? others[(at + which) % Math.max(others.length, 1)] : undefined;
    return [...own, ...(other ? [other] : [])].map((place) => ({ letter, place }));
  });
}

const mayDo = ({ may }: Row, letter: Letter): boolean => PLACES.some((place) => may[place].includes(letter));

/** Whether what somebody is told is held against what they are told of nothing; in the short form for some, others for each action. */
const isCompared = ({ letter, place }: Cell, at: number): boolean =>
  place === 'own chat' && (isFull || (at + LETTERS.indexOf(letter)) % 3 === 0);

/** People of other schools do there what is no business of this one. */
const isStranger = (row: Row, { mayAsk = [], everywhere = false }: Action, letter: Letter): boolean =>
  !mayDo(row, letter) && !mayAsk.includes(letter) && !(everywhere && ['o', 'x'].includes(letter));

describe('the table', () => {
  it('has every button that the bot registers, with every form, and none besides', async () => {
    await (await Grounds.open()).close();
    const names = ROWS.map(({ action }) => action);
    const verbs = new Set(names.map((name) => name.split(' ')[0] ?? '').filter((name) => name.includes('.')));
    expect([...verbs].toSorted()).toEqual([...found.verbs].toSorted());
    for (const verb of ['case.form', 'case.act'])
      expect(names).toEqual(expect.arrayContaining(FORM_NAMES.map((form) => `${verb} ${form}`)));
    expect(names.toSorted()).toEqual(Object.keys(ACTIONS).toSorted());
  });
});

describe.each(SECTIONS)('$heading', ({ rows }) => {
  let grounds: Grounds;
  beforeAll(async () => {
    grounds = await Grounds.open({ now: () => NOVEMBER, links: linksTo() });
  });
  afterAll(() => grounds.close());

  describe.each(rows.map((row) => [row.action, row, ROWS.indexOf(row)] as const))('%s', (_, row, at) => {
    const action = actionOf(row);

    it('is done by whoever may, where they may', async () => {
      for (const { letter, place } of allowedCells(row, at)) {
        const subject = await action.subject(grounds);
        const shown = await action.run(grounds, letter, place, subject);
        const isDone = shown.status === 200 && (await action.works({ grounds, letter, shown, subject }));
        if (!isDone) expect.fail(`${letter} in ${place}: ${shown.text.slice(0, 400)}`);
        if (action.once) await expectOnce(grounds, action, { letter, place }, subject);
        await action.undo?.(grounds);
        cells += 1;
      }
    });

    it('shows nothing to anybody else, not even that there is such a thing, and changes nothing', async () => {
      const [subject, nothing] = [await action.subject(grounds), NOTHING()];
      const before = await digestOfStore(grounds.schoolId);
      grounds.forgetLogs();
      const refused = refusedCells(row, at);
      const told = await Promise.all(
        refused.map(async ({ letter, place }) => {
          const shown = await action.run(grounds, letter, place, subject);
          const isSame =
            !isStranger(row, action, letter) || !isCompared({ letter, place }, at) || (await isAsFor(nothing, shown));
          return isSame && shown.status === 200 && showsNothing(shown, subject)
            ? []
            : [`${letter} in ${place}: ${shown.text.slice(0, 400)}`];

          async function isAsFor(other: Subject, of: Shown): Promise<boolean> {
            return bare(of, subject) === bare(await action.run(grounds, letter, place, other), other);
          }
        }),
      );
      expect(told.flat()).toEqual([]);
      expectLogged(
        action,
        refused.filter(
          ({ letter, place }) => isStranger(row, action, letter) && (!action.logsOwnChatOnly || place === 'own chat'),
        ).length,
        grounds,
      );
      expect(await digestOfStore(grounds.schoolId)).toBe(before);
      cells += refused.length;
    });
  });
});

/** A button pressed twice, as Teams delivers some presses, does once. */
async function expectOnce(grounds: Grounds, action: Action, { letter, place }: Cell, subject: Subject): Promise<void> {
  const before = await digestOfStore(grounds.schoolId);
  await action.run(grounds, letter, place, subject);
  expect(await digestOfStore(grounds.schoolId)).toBe(before);
}

const showsNothing = ({ text }: Shown, { reference, other, draftId }: Subject): boolean =>
  !SECRETS.test(text) && [reference, other, draftId].every((name) => !text.includes(name));

/** What was shown, without what differs from turn to turn, and with everything of the same kind alike. */
const bare = ({ status, text }: Shown, subject: Subject): string =>
  Object.entries(subject)
    .reduce((left, [name, value]) => left.replaceAll(value, name), `${status} ${text}`)
    .replace(/messageid=\d+|own-\d+|[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/gu, '')
    .replace(/\b(?:PD|Q)-[0-9A-Z]{8}\b/gu, 'reference');

/** Each attempt is in the log, and nobody's name or id. */
function expectLogged({ logs }: Action, attempts: number, { logged }: Grounds): void {
  const lines = JSON.stringify(logged);
  expect(lines).not.toMatch(SECRETS);
  for (const { name, id } of Object.values(PEOPLE)) {
    expect(lines).not.toContain(name);
    if (id !== undefined) expect(lines).not.toContain(id);
  }
  if (logs === undefined) return;
  const noted = logged.filter(({ event }) => event === logs || event === 'turn.refused');
  expect(noted.length).toBeGreaterThanOrEqual(attempts);
}

describe('what the rows have used', () => {
  it('is every command, search and event that the bot registers', () => {
    const unused = [...found.commands.values()].filter(({ taken }) => taken === 0).map(({ at }) => at);
    expect(unused).toEqual([]);
  });
});
