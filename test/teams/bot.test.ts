import { TableClient } from '@azure/data-tables';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import {
  aChannelMessage,
  aMessage,
  anExecute,
  anInstallation,
  aSubmit,
  from,
  OTHER_TENANT,
  SAMPLE_TENANT,
} from '../support/activities.js';
import { button, cardText, input, startBot, type TestBot } from '../support/bot.js';
import { sampleSchool } from '../support/sample-school.js';

const QUESTION = 'do i need to withhold my number when i ring parents';

/** The pack that a question is really stored in, column by column; it is written a moment after the answer. */
async function packOf(schoolId: string, packId: string): Promise<Record<string, unknown>> {
  const client = TableClient.fromConnectionString(inject('storage'), 'Questions', { allowInsecureConnection: true });
  return vi.waitFor(() => client.getEntity(schoolId, packId), 10_000);
}

describe('a question in the personal chat', () => {
  let bot: TestBot;
  beforeAll(async () => {
    bot = await startBot({ schoolId: 'bot-test' });
  });
  afterAll(() => bot.stop());

  it('is answered with the clause to the letter, its label, heading and source', async () => {
    const [answer] = await bot.replies(aMessage(QUESTION));
    const clause = (await sampleSchool()).policies[0]?.clauses.find(({ label }) => label === '6.2');
    expect(cardText(answer)).toContain(clause?.quote);
    expect(cardText(answer)).toContain('Clause 6.2 › 6. Phones and cameras');
    expect(cardText(answer)).toContain(
      'Social Media Policy · version 3.1 · approved 21 Sep 2026 · review due 20 Sep 2027',
    );
  });

  it('is kept without a word on who asked, and rated in place', async () => {
    const [answer] = await bot.replies(aMessage(QUESTION));
    const { verb, data } = button(answer, 'No');
    const [, packId = '', key] = /^(.*)-(.*)$/u.exec(String(data.questionId)) ?? [];
    const pack = await packOf('bot-test', packId);
    expect(JSON.parse(String(pack[`q${key}`]))).toMatchObject({ question: QUESTION, outcome: 'answered' });
    expect(JSON.stringify(pack)).not.toMatch(/alex|0d3c6a51|29:(?!\d\d[."])/iu);

    const response = await bot.send(anExecute(verb, data));
    const { statusCode, type, value } = (await response.json()) as { statusCode: number; type: string; value: object };
    expect({ statusCode, type }).toEqual({ statusCode: 200, type: 'application/vnd.microsoft.card.adaptive' });
    const redrawn = cardText({ type: 'message', attachments: [{ contentType: '', content: value }] });
    expect(redrawn).toContain('Clause 6.2');
    expect(redrawn).toContain('Thank you');
    expect(redrawn).not.toContain('Was this helpful?');
    expect(await bot.questions.find('bot-test', String(data.questionId))).toMatchObject({ helpful: false });
  });

  it('may be rated with nonsense, and nothing happens', async () => {
    for (const data of [
      {},
      { questionId: "' or 1 eq 1", helpful: true },
      { questionId: '20261121000000000-00000000-000000000000', helpful: true },
    ]) {
      const response = await bot.send(anExecute('ask.rate', data));
      expect(await response.json()).toMatchObject({ statusCode: 200, value: 'Thank you.' });
    }
  });

  it('may be pressed as an example, and is then named on the card', async () => {
    const [welcome] = await bot.replies(anInstallation());
    const { data } = button(welcome, 'Can I ring a parent from my own phone?');
    const [answer] = await bot.replies(aSubmit(data));
    expect(cardText(answer)).toContain('Can I ring a parent from my own phone?');
    expect(cardText(answer)).toContain('Clause 6.2');
    const [older] = await bot.replies(aSubmit({ verb: 'ask.example', question: 'can staff edit wikipedia' }));
    expect(cardText(older)).toContain('Clause 4.10');
    for (const data of [{ verb: 'ask.example' }, { verb: 'gone' }, {}]) {
      expect((await bot.replies(aSubmit(data)))[0]?.text).toContain('older card');
    }
  });

  it('off the subject is not covered: whom to ask, and the nearest clauses only as such', async () => {
    const [answer] = await bot.replies(aMessage('how do i book a day off for a wedding'));
    expect(cardText(answer)).toContain('The policy does not say');
    expect(cardText(answer)).toContain('Helen Achebe');
    expect(cardText(answer)).not.toContain('The policy says');
  });

  it('about a child at risk that has not happened gets the answer and the advice', async () => {
    const [answer] = await bot.replies(aMessage('what should i do if i find an indecent image of a child on a laptop'));
    expect(cardText(answer)).toContain('The policy says');
    expect(cardText(answer)).toContain('call 999');
  });
});

describe('what is not a question', () => {
  let bot: TestBot;
  beforeAll(async () => {
    bot = await startBot({ schoolId: 'bot-test-other' });
  });
  afterAll(() => bot.stop());

  const WORDS = 'a parent keeps sending me vile messages every night';
  /** Everyone has one report open at a time, so each test has a person of its own. */
  const somebody = () => ({ id: crypto.randomUUID(), name: 'Sam Okafor' });

  it('a report begins with the questions on safety, and with where it goes', async () => {
    const [card] = await bot.replies(from(somebody(), aMessage(WORDS)));
    expect(cardText(card)).toContain('Report something: what happened');
    expect(cardText(card)).toContain('This goes to the Headteacher’s channel');
    expect(cardText(card)).toContain('You choose whether only the Headteacher sees your name');
    expect(input(card, 'category')).toBe('online_bullying');
    expect(input(card, 'dangers')).toBe('');
  });

  it('a report of somebody whom Teams does not name gets what to do now, and says that nothing was sent', async () => {
    const [card] = await bot.replies({ ...aMessage(WORDS), from: { id: '29:guest', name: 'A guest' } });
    expect(cardText(card)).toContain('Online bullying: what to do now');
    expect(cardText(card)).toContain('Helen Achebe, 01632 960 101');
    expect(cardText(card)).toContain('chair of governors');
    expect(cardText(card)).toContain('nothing has been sent to anyone');
  });

  it('a child at risk gets the safety card, in a channel too', async () => {
    const words = 'y5 child just told me a man she met on fortnite wants to meet up with her';
    const [personal] = await bot.replies(from(somebody(), aMessage(words)));
    const [channel] = await bot.replies(from(somebody(), aChannelMessage(words, { mention: true })));
    expect(cardText(personal)).toContain('This goes at once to Helen Achebe (Headteacher) and Daniel Hughes');
    expect(cardText(channel)).toContain('go on in our own chat');
    expect(cardText(channel)).not.toContain('I cannot keep a report');
    for (const card of [personal, channel]) {
      expect(cardText(card)).toContain('call 999');
      expect(cardText(card)).toContain('Daniel Hughes, 01632 960 102');
      expect(cardText(card)).not.toContain('fortnite');
    }
  });

  it('a report in a channel gets nothing of the matter', async () => {
    const activity = aChannelMessage('a parent keeps sending me vile messages', { mention: true });
    const [moved, ...others] = await bot.replies(from(somebody(), activity));
    expect(moved).toMatchObject({ text: expect.stringContaining('I have written to you in our own chat') });
    expect([...others, ...(moved?.attachments ?? [])]).toEqual([]);
    const [card] = await bot.replies({ ...activity, from: { id: '29:guest', name: 'A guest' } });
    expect(cardText(card)).toContain('Please do not describe it here');
    for (const reply of [moved, card]) expect(JSON.stringify(reply)).not.toMatch(/bullying|vile/iu);
  });

  it('a child at risk, while another report is open, gets whom to call first', async () => {
    const person = somebody();
    await bot.replies(from(person, aMessage(WORDS)));
    const [first, offer] = await bot.replies(
      from(person, aMessage('there is an indecent image of a pupil going round')),
    );
    expect(cardText(first)).toContain('call 999');
    expect(cardText(first)).toContain('Daniel Hughes, 01632 960 102');
    expect(cardText(offer)).toContain('You have a report that is not sent yet');
  });

  it.each([
    ['morning!', 'Hello'],
    ['cheers', 'You are welcome'],
    ['are you a real person or a bot', 'I am Policy Desk, a bot'],
    ['have a good weekend', 'Goodbye'],
  ])('"%s" gets a courtesy', async (words, answer) => {
    const [reply] = await bot.replies(aMessage(words));
    expect(reply?.text).toContain(answer);
  });

  it('"help" gets the help card with the policies answered from', async () => {
    const [card] = await bot.replies(aMessage('help'));
    expect(cardText(card)).toContain('What I can do');
    expect(cardText(card)).toContain('Social Media Policy · version 3.1');
  });

  it('a picture without words gets an answer', async () => {
    const [reply] = await bot.replies({
      ...from(somebody(), aMessage(undefined)),
      attachments: [{ contentType: 'image/*', contentUrl: 'https://x.example' }],
    });
    expect(reply?.text).toContain('I have not taken that file: there is no report under way');
  });

  it('a mention without words gets an answer', async () => {
    const [reply] = await bot.replies(from(somebody(), aChannelMessage('', { mention: true })));
    expect(reply?.text).toContain('I can only read words');
  });
});

describe('in a channel', () => {
  let bot: TestBot;
  beforeAll(async () => {
    bot = await startBot({ schoolId: 'bot-test-channel' });
  });
  afterAll(() => bot.stop());

  it('the bot answers when mentioned, and reads the question without the mention', async () => {
    const [answer] = await bot.replies(aChannelMessage(QUESTION, { mention: true }));
    expect(cardText(answer)).toContain('Clause 6.2');
  });

  it('the bot keeps silent otherwise', async () => {
    expect(await bot.replies(aChannelMessage(QUESTION, { mention: false }))).toEqual([]);
  });

  it('people who are mentioned besides the bot are not kept by name', async () => {
    const named = '<at>Anne-Marie O’Neil-Smith (Year 5+6) [TA]</at>';
    const activity = aChannelMessage(`can ${named} edit wikipedia`, { mention: true });
    const entities = [
      ...(activity.entities as object[]),
      { type: 'mention', text: named, mentioned: { id: '29:anne-marie' } },
    ];
    const [answer] = await bot.replies({ ...activity, entities });
    const id = String(button(answer, 'Yes').data.questionId);
    expect((await bot.questions.find('bot-test-channel', id))?.question).toBe('can someone edit wikipedia');
  });
});

describe('activities of another form than the protocol’s', () => {
  let bot: TestBot;
  beforeAll(async () => {
    bot = await startBot({ allowedTenants: [SAMPLE_TENANT] });
  });
  afterAll(() => bot.stop());

  it.each<[string, object]>([
    ['entities', { entities: [{ type: 7 }, null, 'x', { type: 'mention' }] }],
    ['entities that are no list', { entities: 'mention' }],
    ['a value that is null', { value: null }],
    ['attachments that are no list', { attachments: 7 }],
    ['an id that is none', { id: '../x y\t\\' }],
    ['channel data of odd types', { channelData: { tenant: { id: SAMPLE_TENANT }, team: 'x' } }],
  ])('do no harm: %s', async (_name, odd) => {
    const [answer] = await bot.replies({ ...aMessage(QUESTION), ...odd });
    expect(cardText(answer)).toContain('Clause 6.2');
  });

  it.each<[string, object]>([
    ['a number', { text: 7 }],
    ['a list', { text: [] }],
    ['null, with a value that is null', { text: null, value: null }],
  ])('get an answer when the text is %s', async (_name, odd) => {
    const [reply] = await bot.replies({ ...aMessage(undefined), ...odd });
    // As from a phone's gallery, of which Teams brings nothing at all.
    expect(reply?.text).toContain('I have not taken that file');
  });

  it.each<[string, object, number]>([
    [
      'a tenant that is a number',
      { conversation: { id: 'a', conversationType: 'personal', tenantId: 5 }, channelData: {} },
      403,
    ],
    ['no conversation', { conversation: undefined }, 400],
    ['no sender', { from: 'me' }, 400],
    ['no service', { serviceUrl: 7 }, 400],
    ['a service without an address', { serviceUrl: 'connector' }, 400],
    ['a service off this machine', { serviceUrl: 'https://evil.example/' }, 400],
    ['an empty type', { type: '' }, 400],
    ['a conversation whose id cannot stand in a header', { conversation: { id: 'a:\u{6f22}\u{5b57}' } }, 400],
    ['a conversation whose id leads elsewhere in a path', { conversation: { id: '..' } }, 400],
    ['a sender whose id fills a page', { from: { id: 'x'.repeat(40_000) } }, 400],
  ])('are refused: %s', async (_name, odd, status) => {
    expect((await bot.send({ ...aMessage(QUESTION), ...odd })).status).toBe(status);
    expect(bot.logged.filter(({ event }) => event === 'turn.failed')).toEqual([]);
  });
});

describe('tenants', () => {
  let bot: TestBot | undefined;
  afterEach(() => bot?.stop());

  it('not on the list are refused, messages and invokes alike', async () => {
    bot = await startBot({ allowedTenants: [SAMPLE_TENANT] });
    for (const activity of [
      aMessage(QUESTION, { tenantId: OTHER_TENANT }),
      anExecute('ask.rate', {}, { tenantId: OTHER_TENANT }),
      anInstallation({ tenantId: OTHER_TENANT }),
    ]) {
      const response = await bot.send(activity);
      expect(response.status).toBe(403);
      expect(await response.json()).toEqual({ error: 'This tenant may not use this bot.' });
    }
    expect((await bot.send(aMessage(QUESTION))).status).toBe(200);
  });

  it('that cannot be told are refused when there is a list', async () => {
    bot = await startBot({ allowedTenants: [SAMPLE_TENANT] });
    const { channelData: _, ...activity } = aMessage(QUESTION);
    expect((await bot.send({ ...activity, conversation: { id: 'a', conversationType: 'personal' } })).status).toBe(403);
  });

  it('without a school are told so, and see no policy', async () => {
    bot = await startBot();
    const [reply] = await bot.replies(aMessage(QUESTION, { tenantId: OTHER_TENANT }));
    expect(reply?.text).toContain('not set up for your school');
  });
});

describe('when something breaks', () => {
  let bot: TestBot | undefined;
  afterEach(() => bot?.stop());

  it('questions are still answered while storage is down, without a rating', async () => {
    bot = await startBot({
      storage:
        'DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:9/devstoreaccount1;',
    });
    const [answer] = await bot.replies(aMessage(QUESTION));
    expect(cardText(answer)).toContain('Clause 6.2');
    expect(cardText(answer)).not.toContain('Was this helpful?');
    expect(bot.logged).toContainEqual(expect.objectContaining({ event: 'ask.not_recorded' }));
  });

  it('the person gets the reference that stands in the log, and the log holds nothing they typed', async () => {
    const school = await sampleSchool();
    const broken = {
      ...school,
      index: {
        ...school.index,
        find: () => {
          throw new Error('confidential words of a teacher');
        },
      },
    };
    bot = await startBot({ schools: [broken] });
    const replies = await bot.replies(aMessage('can i post about confidential words'));
    const card = cardText(replies.at(-1));
    const reference = /ERR-[0-9A-Z]{8}/u.exec(card)?.[0];
    expect(card).toContain('Nothing was lost');
    expect(bot.logged).toContainEqual(expect.objectContaining({ event: 'turn.failed', reference, level: 'error' }));
    expect(JSON.stringify(bot.logged)).not.toContain('confidential words');
  });
});
