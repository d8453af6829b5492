import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { School } from '../../src/schools/school.js';
import { FakeConnector, type Posted } from '../fakes/connector.js';
import {
  aChannelExecute,
  aChannelMessage,
  aMessage,
  anExecute,
  from,
  HEADTEACHER_CHANNEL,
  type RawActivity,
} from '../support/activities.js';
import { button, cardText, input, type Reply, shown, startBot, type TestBot } from '../support/bot.js';
import { sampleSchool } from '../support/sample-school.js';
import { until } from '../support/until.js';

const QUESTION = 'how do i book a day off for my sisters wedding';
const ALEX = { id: '0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c01', name: 'Alex Morgan' };
const HELEN = { id: '0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c02', name: 'Helen Achebe' };
const DANIEL = { id: '0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c03', name: 'Daniel Hughes' };
const BETH = { id: '0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c06', name: 'Beth Larkin' };

let connector: FakeConnector;
let bot: TestBot;
let school: School;
let options: { serviceUrl: string; tenantId: string };
const schoolId = `ask-${crypto.randomUUID().slice(0, 8)}`;
beforeAll(async () => {
  connector = await FakeConnector.start();
  // Where to send to is kept by tenant, and other tests speak from other places.
  const tenantId = crypto.randomUUID();
  const sample = await sampleSchool();
  school = { ...sample, profile: { ...sample.profile, id: schoolId, tenantId } };
  bot = await startBot({ schools: [school], times: { pollMs: 50 } });
  bot.deliveries.start();
  options = { serviceUrl: connector.serviceUrl, tenantId };
});
afterAll(async () => {
  await bot.stop();
  await connector.stop();
});
/** What one test has caused is not for the next to see. */
afterEach(async () => {
  await until(async () => {
    for await (const { partition } of bot.outbox.overdue(new Date(Date.now() + 600_000)))
      if (partition.startsWith(schoolId)) return false;
    return true;
  });
  connector.calls.length = 0;
  connector.posted.length = 0;
  bot.logged.length = 0;
});

const press = async (activity: RawActivity): Promise<Reply> => shown(await bot.send(activity));
const asReply = ({ activity }: Posted): Reply => activity as unknown as Reply;
const inChannel = () => connector.in(HEADTEACHER_CHANNEL);
const inChat = () => connector.in('a:personal');

/** Asks, and opens the form. */
async function openForm(person = ALEX): Promise<{ form: Reply; opened: Record<string, unknown> }> {
  const [card] = await bot.replies(from(person, aMessage(QUESTION, options)));
  const { verb, data } = button(card, 'Ask the Headteacher');
  return { form: await press(from(person, anExecute(verb, data, options))), opened: data };
}

/** Asks, and sends the question. @returns the card in the channel. */
async function ask(typed: object = {}, person = ALEX): Promise<Posted> {
  const before = inChannel().length;
  const { form } = await openForm(person);
  const { verb, data } = button(form, 'Send');
  await press(from(person, anExecute(verb, { ...data, question: QUESTION, name: 'with', ...typed }, options)));
  return until(() => inChannel()[before]);
}

/** Answers from the channel. */
function answer(card: Posted, person: { id: string; name: string }, typed: object): Promise<Reply> {
  const { verb, data } = button(asReply(card), 'Send answer');
  const filled = { answer: '', keep: 'false', keptAs: QUESTION, ...typed };
  return press(from(person, aChannelExecute(verb, { ...data, ...filled }, options)));
}

describe('a question that the policy does not answer', () => {
  it('is shown for editing, sent as edited, answered in the channel, and the answer comes back', async () => {
    const { form } = await openForm();
    expect(input(form, 'question')).toBe(QUESTION);
    expect(cardText(form)).toContain('“Headteacher”');
    expect(cardText(form)).toMatch(/With your name the channel shows “\s*Alex Morgan\s*”\./u);
    const edited = 'Can I have *a day* off?\n[link](https://x.example)';
    const { verb, data } = button(form, 'Send');
    const sent = await press(anExecute(verb, { ...data, question: edited, name: 'with' }, options));
    expect(cardText(sent)).toContain('Sent to the Headteacher');
    const reference = /Q-[0-9A-Z]{8}/u.exec(cardText(sent))?.[0];

    const card = await until(() => inChannel()[0]);
    expect(cardText(asReply(card))).toContain(reference);
    expect(cardText(asReply(card))).toContain('Alex Morgan');
    expect(cardText(asReply(card))).toContain('Can I have *a day* off?\n[link](https://x.example)');
    expect(JSON.stringify(card.activity)).not.toMatch(/"TextBlock","text":"[^"]*a day/u);

    const redrawn = await answer(card, HELEN, { answer: 'Yes. Tell the office\nby Friday.' });
    expect(cardText(redrawn)).toMatch(/Helen Achebe\n answered on/u);
    const reply = await until(() => inChat()[0]);
    expect(cardText(asReply(reply))).toContain('The Headteacher’s answer');
    expect(cardText(asReply(reply))).toContain('Yes. Tell the office\nby Friday.');
    expect(cardText(asReply(reply))).toMatch(/Helen Achebe, \w{3} \d{1,2} \w{3} \d{4}, \d\d:\d\d/u);
    expect(cardText(asReply(reply))).toContain('not part of the policy');
    expect(cardText(asReply(reply))).not.toContain('The policy says');
    await until(() => cardText(asReply(card)).includes('answered on'));
    expect(inChannel()).toHaveLength(1);
    expect(JSON.stringify(bot.logged)).not.toMatch(/day off|Morgan|Achebe|0d3c6a51|office/iu);
  });

  it.each([
    ['without one’s name', { name: 'without' }],
    ['with no word on it', { name: undefined }],
  ])('may be sent %s, and then the name is not in the channel', async (_, typed) => {
    const card = await ask(typed);
    expect(cardText(asReply(card))).toContain('A member of staff');
    expect(JSON.stringify(card.activity)).not.toMatch(/Morgan|0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c01/iu);
    await answer(card, DANIEL, { answer: 'Yes.' });
    expect(cardText(asReply(await until(() => inChat()[0])))).toContain('Daniel Hughes');
  });

  it('is one enquiry however often it is sent: twice at once, from an old form, from the old card', async () => {
    const { form, opened } = await openForm();
    const { verb, data } = button(form, 'Send');
    const send = (question: string) => press(anExecute(verb, { ...data, question, name: 'with' }, options));
    const both = await Promise.all([send(QUESTION), send(QUESTION)]);
    const again = [await send('something else'), await press(anExecute('enquiry.form', opened, options))];
    const references = [...both, ...again].map((card) => /Q-[0-9A-Z]{8}/u.exec(cardText(card))?.[0]);
    expect(new Set(references).size).toBe(1);
    for (const card of again) {
      expect(cardText(card)).toContain('You have sent this to the Headteacher before');
      expect(cardText(card)).toContain(QUESTION);
    }
    await until(() => inChannel()[0]);
    await ask({}, BETH);
    expect(inChannel()).toHaveLength(2);
  });

  it('may be cancelled: the card is as before, and nothing is sent', async () => {
    const { form } = await openForm();
    const { verb, data } = button(form, 'Cancel');
    const card = await press(anExecute(verb, data, options));
    expect(cardText(card)).toContain('The policy does not say');
    expect(button(card, 'Ask the Headteacher').verb).toBe('enquiry.form');
    expect(connector.calls).toEqual([]);
  });

  it.each([
    ['empty', '  \n ', 'Please type your question'],
    ['too long', 'x'.repeat(1_001), 'has 1,001 characters'],
  ])('is given back when it is %s, with what was typed and chosen', async (_name, question, words) => {
    const { form } = await openForm();
    const { verb, data } = button(form, 'Send');
    const card = await press(anExecute(verb, { ...data, question, name: 'without' }, options));
    expect(cardText(card)).toContain(words);
    expect(input(card, 'question')).toBe(question);
    expect(input(card, 'name')).toBe('without');
    expect(button(card, 'Send').data).toEqual(data);
    expect(connector.calls).toEqual([]);
  });

  it('about a child at risk goes to the Headteacher, and the card says what comes first', async () => {
    const { form } = await openForm();
    const { verb, data } = button(form, 'Send');
    const question = 'a girl in my class says a man she met on fortnite wants to meet her';
    const card = await press(anExecute(verb, { ...data, question, name: 'with' }, options));
    expect(cardText(card)).toContain('call 999');
    expect(cardText(card)).toContain('Daniel Hughes');
  });

  it('asked in a channel offers no form there, but names the way', async () => {
    const [card] = await bot.replies(aChannelMessage(QUESTION, { mention: true }, options));
    expect(cardText(card)).toContain('in our own chat');
    expect(() => button(card, 'Ask the Headteacher')).toThrow();
    for (const verb of ['enquiry.form', 'enquiry.send', 'enquiry.cancel']) {
      const data = { questionId: '', form: '20261120154200000-0a1b2c3d', question: QUESTION, name: 'with' };
      expect((await press(aChannelExecute(verb, data, options))).text).toContain('Others can read this');
    }
  });

  it('cannot be sent by someone whom Teams does not name', async () => {
    const { form } = await openForm();
    const { verb, data } = button(form, 'Send');
    const nameless = {
      ...anExecute(verb, { ...data, question: QUESTION, name: 'with' }, options),
      from: { id: '29:x' },
    };
    expect((await press(nameless)).text).toContain('does not tell me who you are');
  });

  it.each([{}, { form: 7 }, { form: "' or 1 eq 1" }, { form: '../../x' }])(
    'nonsense does no harm: %j',
    async (data) => {
      for (const verb of ['enquiry.send', 'enquiry.cancel'])
        expect((await press(anExecute(verb, data, options))).text).toContain('older version');
      expect((await press(aChannelExecute('enquiry.answer', data, options))).text).toContain('Nothing has been sent');
      expect(input(await press(anExecute('enquiry.form', data, options)), 'question')).toBe('');
    },
  );
});

describe('answering', () => {
  it('is for the Headteacher, a deputy and triagers; others get a sentence, and the log no more than that', async () => {
    const card = await ask();
    bot.logged.length = 0;
    const reply = await answer(card, BETH, { answer: 'No!' });
    expect(reply.text).toContain('Only the Headteacher');
    expect(bot.logged).toContainEqual(expect.objectContaining({ event: 'enquiry.refused', level: 'warn' }));
    expect(JSON.stringify(bot.logged)).not.toMatch(/Beth|0d3c6a51|"29:/iu);
    // A card cannot say who is acting.
    const claimed = { aadObjectId: HELEN.id, from: HELEN };
    expect((await answer(card, BETH, { answer: 'No!', ...claimed })).text).toContain('Only the Headteacher');
    expect(inChat()).toEqual([]);
    expect(cardText(await answer(card, ALEX, { answer: 'As a triager: yes.' }))).toContain('answered on');
  });

  it('twice at once gives one answer; the second sees who was first, with what they typed', async () => {
    const card = await ask();
    const before = asReply({ ...card });
    const people = [HELEN, DANIEL];
    const cards = await Promise.all(people.map((one) => answer(card, one, { answer: `Says ${one.name}.` })));
    const lost = cards.findIndex((one) => cardText(one).includes('has answered already'));
    expect(cards.filter((one) => cardText(one).includes('has answered already'))).toHaveLength(1);
    expect(cardText(cards[lost])).toContain(`${people[1 - lost]?.name} has answered already`);
    expect(cardText(cards[lost])).toContain(`Says ${people[lost]?.name}.`);
    await until(() => inChat()[0]);
    await until(() => cardText(asReply(card)).includes('answered on'));
    expect(inChat()).toHaveLength(1);
    expect(cardText(asReply(inChat()[0] as Posted))).toContain(`Says ${people[1 - lost]?.name}.`);
    const { reference } = button(before, 'Send answer').data;
    const winner = people[1 - lost] as typeof HELEN;
    const pressed = async (words: string) =>
      cardText(await press(from(winner, aChannelExecute('enquiry.answer', { reference, answer: words }, options))));
    expect(await pressed(`Says ${winner.name}. `)).not.toContain('has not been sent');
    expect(await pressed('On second thoughts, no.')).toMatch(/has not been sent:.*On second thoughts, no\./su);
  });

  it.each([
    ['empty', { answer: ' ' }, 'Please type your answer'],
    ['too long', { answer: 'y'.repeat(3_001), keep: 'true', keptAs: 'As I put it' }, 'has 3,001 characters'],
    ['to be kept without a question', { answer: 'Yes.', keep: 'true', keptAs: ' ' }, 'Please type your question'],
  ])('that is %s is given back as it was typed', async (_name, typed, words) => {
    const card = await ask();
    const again = await answer(card, HELEN, typed);
    expect(cardText(again)).toContain(words);
    const filled = { keep: 'false', keptAs: QUESTION, ...typed };
    for (const id of ['answer', 'keep', 'keptAs'] as const) expect(input(again, id)).toBe(filled[id]);
    expect(button(again, 'Send answer').data).toEqual(button(asReply(card), 'Send answer').data);
    expect(inChat()).toEqual([]);
  });

  it('reaches someone whose chat is not known, by opening it', async () => {
    const card = await ask();
    // What was remembered of the chat is of another school then, as it were: this one knows nothing.
    const stranger = { ...BETH, id: crypto.randomUUID() };
    const reference = String(button(asReply(card), 'Send answer').data.reference);
    const stored = await bot.enquiries.find(schoolId, reference);
    if (!stored) throw new Error('It is not there.');
    await bot.enquiries.change(stored, { ...stored.enquiry, asker: { personId: stranger.id, name: null } }, []);
    await answer(card, HELEN, { answer: 'Yes.' });
    const posted = await until(() => connector.in(`a:chat-of-${stranger.id}`)[0]);
    expect(cardText(asReply(posted))).toContain('The Headteacher’s answer');
    const created = connector.calls.find(({ body }) => body.isGroup === false);
    expect(created?.body).toMatchObject({ members: [{ id: stranger.id }], tenantId: school.profile.tenantId });
  });
});

describe('an answer that is kept', () => {
  it('is found by the next who asks something like it, as the Headteacher’s, never as policy, without the asker’s name', async () => {
    const card = await ask();
    await answer(card, HELEN, {
      answer: 'Ask the office.',
      keep: 'true',
      keptAs: 'How do I book a day off for a wedding?',
    });
    const [next] = await bot.replies(from(BETH, aMessage('can i book a day off for a wedding', options)));
    expect(cardText(next)).toContain('The policy does not say');
    expect(cardText(next)).toMatch(/Answered by the Headteacher on \d{1,2} \w{3} \d{4}/u);
    expect(cardText(next)).toContain('How do I book a day off for a wedding?');
    expect(cardText(next)).toContain('Ask the office.');
    expect(cardText(next)).toContain('It is not part of the policy.');
    expect(cardText(next)).not.toMatch(/Morgan|The policy says/u);
    const rated = await press(anExecute('ask.rate', button(next, 'Yes').data, options));
    expect(cardText(rated)).toContain('Ask the office.');
    const [other] = await bot.replies(aMessage('where do i park on monday', options));
    expect(cardText(other)).not.toContain('Answered by the Headteacher');
  });

  it('is not found when it was for the asker alone', async () => {
    await answer(await ask(), HELEN, { answer: 'Just for you.' });
    const [next] = await bot.replies(from(BETH, aMessage(QUESTION, options)));
    expect(cardText(next)).not.toContain('Just for you.');
  });
});

describe('a school where nobody may answer', () => {
  it('gets no button, and an old button says whom to ask', async () => {
    const people = school.profile.people.map((person) => ({ ...person, roles: ['staff' as const] }));
    const other = await startBot({ schools: [{ ...school, profile: { ...school.profile, id: 'nobody', people } }] });
    const [card] = await other.replies(aMessage(QUESTION, options));
    expect(cardText(card)).toContain('Please ask the Headteacher:');
    expect(() => button(card, 'Ask the Headteacher')).toThrow();
    const pressed = await shown(await other.send(anExecute('enquiry.form', { questionId: '' }, options)));
    expect(pressed.text).toContain('Nobody at your school');
    await other.stop();
  });
});
