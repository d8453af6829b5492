import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIND_CASE_COMMAND } from '../../../src/teams/find-cases.js';
import { SEARCH_COMMAND } from '../../../src/teams/search.js';
import { ACTIONS } from '../../authority/actions.js';
import { NOVEMBER } from '../../authority/subjects.js';
import { type Row, sectionsOf, TABLE } from '../../authority/table.js';
import { Grounds, type Letter, type Place } from '../../support/authority.js';
import { linksTo } from '../../support/links.js';

interface Manifest {
  readonly bots: readonly [
    {
      readonly scopes: readonly string[];
      readonly commandLists: readonly {
        readonly scopes: readonly string[];
        readonly commands: readonly { readonly title: string }[];
      }[];
    },
  ];
  readonly composeExtensions: readonly [
    {
      readonly commands: readonly { readonly id: string; readonly parameters: readonly { readonly name: string }[] }[];
    },
  ];
}

const read = (file: string) => JSON.parse(readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8'));
const manifest: Manifest = read('appPackage/manifest.json');
const [{ scopes, commandLists }] = manifest.bots;

const PLACES_OF: Readonly<Record<string, readonly Place[]>> = {
  personal: ['own chat'],
  team: ['channel', 'other channel'],
  groupChat: ['group', 'governors'],
};

/** The table of authority names what is typed in its own way where that is another. */
const ROW_OF: Readonly<Record<string, string>> = {
  'my cases': 'mine',
  'use this channel for reports': 'channel for reports',
  'use this chat for governors': 'chat for governors',
};
const NO_COMMANDS = ['a reference', 'a file', 'a question'];

const typed = sectionsOf(TABLE).find(({ heading }) => heading === 'words typed')?.rows ?? [];
const rowOf = (title: string): Row | undefined => typed.find(({ action }) => action === (ROW_OF[title] ?? title));
const listOf = (scope: string) =>
  commandLists.filter((list) => list.scopes.includes(scope)).flatMap(({ commands }) => commands);

/** Where in a scope somebody may do it, and who. */
const mayIn = ({ may }: Row, scope: string): readonly { readonly place: Place; readonly letter: Letter }[] =>
  (PLACES_OF[scope] ?? []).flatMap((place) => may[place].slice(0, 1).map((letter) => ({ place, letter })));

describe('the menus of commands', () => {
  let grounds: Grounds;
  beforeAll(async () => {
    grounds = await Grounds.open({ now: () => NOVEMBER, links: linksTo() });
  });
  afterAll(() => grounds.close());

  const isTakenForQuestion = () => grounds.logged.some(({ event }) => event === 'ask.handled');

  it('are one for each scope of the bot', () => {
    expect(scopes).toEqual(Object.keys(PLACES_OF));
    expect(commandLists.map((list) => list.scopes)).toEqual(scopes.map((scope) => [scope]));
  });

  const commands = scopes.flatMap((scope) => listOf(scope).map(({ title }) => [scope, title] as const));

  it.each(commands)('%s: "%s" does what it is for, wherever somebody may do it', async (scope, title) => {
    const row = rowOf(title);
    const action = ACTIONS[row?.action ?? ''];
    if (!row || !action) return expect.fail(`No row of the table of authority is about "${title}".`);
    const cells = mayIn(row, scope);
    expect(cells).not.toEqual([]);
    for (const { letter, place } of cells) {
      const subject = await action.subject(grounds);
      grounds.forgetLogs();
      const shown = await grounds.say(letter, place, title);
      const works = shown.status === 200 && (await action.works({ grounds, letter, shown, subject }));
      expect(works, `${letter} in ${place}: ${shown.text.slice(0, 300)}`).toBe(true);
      expect(isTakenForQuestion()).toBe(false);
      await action.undo?.(grounds);
    }
  });

  it('would not pass with words that the bot does not know', async () => {
    const { status } = ACTIONS;
    const subject = await status?.subject(grounds);
    grounds.forgetLogs();
    const shown = await grounds.say('H', 'own chat', 'the status of everything');
    expect(isTakenForQuestion()).toBe(true);
    expect(subject && (await status?.works({ grounds, letter: 'H', shown, subject }))).toBe(false);
  });

  it.each(scopes)('%s: has every command that somebody may use there', (scope) => {
    const offered = listOf(scope).map(({ title }) => rowOf(title)?.action);
    const usable = typed.filter((row) => !NO_COMMANDS.includes(row.action) && mayIn(row, scope).length > 0);
    expect(offered.toSorted()).toEqual(usable.map(({ action }) => action).toSorted());
  });

  it('has what the help card names', () => {
    const named = [
      ...JSON.stringify(read('adaptiveCards/help.json')).matchAll(/"text":"([^"]+)","weight":"Bolder"\}/gu),
    ].map(([, words]) => words);
    const titles = listOf('personal').map(({ title }) => title);
    expect(titles.toSorted()).toEqual(named.filter((words) => !NO_COMMANDS.includes(String(words))).toSorted());
  });
});

describe('the search commands', () => {
  it('are those that the bot answers, each with its own words', () => {
    const [{ commands }] = manifest.composeExtensions;
    expect(commands.map(({ id, parameters }) => ({ id, names: parameters.map(({ name }) => name) }))).toEqual(
      [SEARCH_COMMAND, FIND_CASE_COMMAND].map(({ id, parameter }) => ({ id, names: [parameter] })),
    );
  });
});
