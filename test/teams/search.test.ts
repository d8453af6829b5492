import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Match } from '../../src/policies/clause-index.js';
import { SEARCH_COMMAND } from '../../src/teams/search.js';
import { aMessage, aSearch, OTHER_TENANT, SAMPLE_TENANT } from '../support/activities.js';
import { cardText, startBot, type TestBot } from '../support/bot.js';
import { sampleSchool } from '../support/sample-school.js';

interface Result {
  readonly contentType: string;
  readonly content: object;
  readonly preview: {
    readonly contentType: string;
    readonly content: { readonly title: string; readonly text: string };
  };
}
interface Found {
  readonly type: string;
  readonly text?: string;
  readonly attachmentLayout?: string;
  readonly attachments?: readonly Result[];
}

/** What Teams sends when words are typed in the search. */
const queryOf = (words: unknown, more: object = {}) => ({
  commandId: SEARCH_COMMAND.id,
  parameters: [{ name: SEARCH_COMMAND.parameter, value: words }],
  queryOptions: { skip: 0, count: 25 },
  ...more,
});

const posted = (result: Result | undefined) =>
  cardText({
    type: 'message',
    attachments: result ? [{ contentType: result.contentType, content: result.content }] : [],
  });

let bot: TestBot;
beforeAll(async () => {
  bot = await startBot({ schoolId: 'search-test' });
});
afterAll(() => bot.stop());

async function search(value: object, options?: { tenantId: string }): Promise<Found> {
  const response = await bot.send(aSearch(value, options));
  expect(response.status).toBe(200);
  return ((await response.json()) as { composeExtension: Found }).composeExtension;
}

describe('searching from the box where messages are written', () => {
  it('lists clauses by their place and their first words, and posts the one chosen word for word with its source', async () => {
    const { type, attachmentLayout, attachments = [] } = await search(queryOf('ring parents from my own phone'));
    expect({ type, attachmentLayout }).toEqual({ type: 'result', attachmentLayout: 'list' });
    const [first] = attachments;
    expect(first?.preview).toMatchObject({
      contentType: 'application/vnd.microsoft.card.thumbnail',
      content: {
        title: 'Clause 6.2 › 6. Phones and cameras',
        text: expect.stringMatching(/^Staff must use a school phone to ring parents\./u),
      },
    });
    expect(first?.contentType).toBe('application/vnd.microsoft.card.adaptive');
    const clause = (await sampleSchool()).policies[0]?.clauses.find(({ label }) => label === '6.2');
    expect(posted(first)).toBe(
      [
        clause?.quote,
        'Clause 6.2 › 6. Phones and cameras',
        'Social Media Policy · version 3.1 · approved 21 Sep 2026 · review due 20 Sep 2027',
      ].join('\n'),
    );
  });

  it('lists each clause once, eight at most, in a message of a size that Teams takes; a posted clause has no buttons', async () => {
    for (const words of ['photos', 'whatsapp', 'parent', 'account', 'staff must not']) {
      const { attachments = [] } = await search(queryOf(words));
      const cards = attachments.map(posted);
      expect(cards.length, words).toBeGreaterThan(2);
      expect(cards.length, words).toBeLessThanOrEqual(8);
      expect(new Set(cards).size, words).toBe(cards.length);
      expect(Buffer.byteLength(JSON.stringify(attachments)), words).toBeLessThan(28 * 1024);
      expect(JSON.stringify(attachments), words).not.toContain('Action.');
      for (const { preview } of attachments) expect(preview.content.text.length, words).toBeLessThanOrEqual(162);
    }
  });

  it.each([
    ['when it opens', { commandId: SEARCH_COMMAND.id, parameters: [{ name: 'initialRun', value: 'true' }] }],
    ['without words', queryOf(' ')],
    ['with words that are no text', queryOf({ a: 1 })],
    ['without parameters', { commandId: SEARCH_COMMAND.id }],
  ])('says how to go on %s', async (_name, value) => {
    expect(await search(value)).toEqual({ type: 'message', text: expect.stringContaining('Type a few words') });
  });

  it('says so when no clause has to do with the words', async () => {
    expect(await search(queryOf('qwxyz'))).toEqual({ type: 'message', text: expect.stringContaining('No clause') });
  });

  it('has no second page', async () => {
    expect(await search(queryOf('photos', { queryOptions: { skip: 8, count: 25 } }))).toMatchObject({
      type: 'result',
      attachments: [],
    });
  });

  it('keeps nothing of what was typed, and logs none of it', async () => {
    await search(queryOf('zebra photographs of pupils'));
    expect(bot.logged).toContainEqual(expect.objectContaining({ event: 'search.handled', schoolId: 'search-test' }));
    expect(JSON.stringify(bot.logged)).not.toContain('zebra');
  });
});

describe('something that has happened', () => {
  it('is no matter for a conversation that others read: one result, to our own chat, without a word of it', async () => {
    const { attachments = [] } = await search(queryOf('a parent keeps sending me vile messages every night'));
    expect(attachments).toHaveLength(1);
    expect(attachments[0]?.preview.content.title).toContain('open a chat with me');
    expect(posted(attachments[0])).toContain('Please do not describe it here');
    expect(posted(attachments[0])).toContain('To report it, open a chat with me');
    expect(JSON.stringify(attachments)).not.toMatch(/vile|night|bullying/iu);
  });

  it('to a child gets what to do now, in the list already', async () => {
    const { attachments = [] } = await search(
      queryOf('y5 child just told me a man she met on fortnite wants to meet up with her'),
    );
    expect(attachments).toHaveLength(1);
    expect(attachments[0]?.preview.content.text).toContain('call 999');
    expect(attachments[0]?.preview.content.text).toContain('Daniel Hughes, 01632 960 102');
    expect(posted(attachments[0])).toContain('call 999');
    expect(posted(attachments[0])).toContain('open a chat with me and type “report”');
    expect(JSON.stringify(attachments)).not.toMatch(/fortnite|y5/iu);
  });

  it('and a question about a child at risk gets the advice above the clauses', async () => {
    const { attachments = [] } = await search(
      queryOf('what should i do if i find an indecent image of a child on a laptop'),
    );
    expect(attachments[0]?.preview.content.title).toContain('act now');
    expect(attachments.length).toBeGreaterThan(1);
  });
});

describe('strangers and failures', () => {
  let other: TestBot | undefined;
  afterEach(() => other?.stop());

  it('a tenant without a school gets an empty list, and nothing is sent to the conversation', async () => {
    const found = await search(queryOf('photos'), { tenantId: OTHER_TENANT });
    expect(found).toEqual({ type: 'result', attachmentLayout: 'list', attachments: [] });
    expect(bot.logged).toContainEqual(expect.objectContaining({ event: 'turn.refused', code: 'not_a_school' }));
    expect(bot.logged.filter(({ event }) => event === 'turn.failed')).toEqual([]);
  });

  it('a tenant that is not on the list is refused', async () => {
    other = await startBot({ allowedTenants: [SAMPLE_TENANT] });
    expect((await other.send(aSearch(queryOf('photos'), { tenantId: OTHER_TENANT }))).status).toBe(403);
  });

  it.each<[string, object]>([
    ['parameters that are no list', { parameters: 'words' }],
    ['a parameter that is null', { parameters: [null] }],
    ['a command that is not ours', { commandId: 'other' }],
    ['a page that is no number', { queryOptions: { skip: 'x' } }],
  ])('%s does no harm', async (_name, odd) => {
    const response = await bot.send(aSearch(queryOf('photos', odd)));
    // What no feature takes is not found.
    expect(response.status).toBe(404);
    expect(bot.logged.filter(({ event }) => event === 'turn.failed')).toEqual([]);
    expect((await bot.replies(aMessage('cheers'))).at(-1)?.text).toContain('welcome');
  });

  it('what breaks is told with its reference in the search itself, and no card goes to the conversation', async () => {
    const school = await sampleSchool();
    const find = (): readonly Match[] => {
      throw new Error('confidential words');
    };
    other = await startBot({ schools: [{ ...school, index: { ...school.index, find } }] });
    const response = await other.send(aSearch(queryOf('confidential words')));
    expect(response.status).toBe(200);
    const { composeExtension } = (await response.json()) as { composeExtension: Found };
    const reference = /ERR-[0-9A-Z]{8}/u.exec(composeExtension.text ?? '')?.[0];
    expect(composeExtension.type).toBe('message');
    expect(other.logged).toContainEqual(expect.objectContaining({ event: 'turn.failed', reference }));
    expect(other.logged.filter(({ event }) => event === 'turn.failed')).toHaveLength(1);
    expect(JSON.stringify(other.logged)).not.toContain('confidential words');
  });
});
