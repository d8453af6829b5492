import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { dayInWords, schoolDaysAfter } from '../../src/schools/calendar.js';
import { submitFrom } from '../../src/teams/report-submit.js';
import { cardText, input, type Reply } from '../support/bot.js';
import { aPicture } from '../support/pictures.js';
import { ALEX, type Chat, REFERENCE, referenceIn, Staffroom, TYPED, wholeOf } from '../support/staff.js';
import { StorageProxy } from '../support/storage-proxy.js';
import { until } from '../support/until.js';

let room: Staffroom;
let alex: Chat;
let proxy: StorageProxy;
beforeAll(async () => {
  proxy = await StorageProxy.start(inject('storage'));
  room = await Staffroom.open({ storage: proxy.through(inject('storage')) });
  room.bot.deliveries.start();
  alex = room.chatOf(ALEX);
});
afterAll(async () => {
  proxy.weather = 'fair';
  await room.close();
  await proxy.stop();
});
afterEach(async () => {
  proxy.weather = 'fair';
  await room.settled();
  expect(await room.faults()).toEqual([]);
  room.bot.logged.length = 0;
  room.connector.calls.length = 0;
  room.connector.posted.length = 0;
});

const owner = () => ({ schoolId: room.school.profile.id, personId: ALEX.id });
const cardsOf = (reference: string) => room.channel.filter((card) => wholeOf(card).includes(reference));
const receipts = (reference: string) =>
  alex.received.filter((card) => cardText(card).includes('Your report is sent') && cardText(card).includes(reference));

describe('a receipt', () => {
  it('says the reference, when, where it went, who sees the name, what comes next and by when, and quotes the clause', async () => {
    const words = 'A parent posted insulting comments about the headteacher and staff on Facebook.';
    const before = new Date();
    const receipt = await alex.report({ words: { words } });
    const text = cardText(receipt);
    const reference = referenceIn(text);
    const due = dayInWords(
      schoolDaysAfter(room.school.profile, before, room.school.profile.targets.acknowledgeSchoolDays),
    );
    expect(text).toContain('Your report is sent');
    expect(text).toMatch(/\w{3} \d{1,2} \w{3} \d{4}, \d\d:\d\d/u);
    expect(text).toContain('This goes to the Headteacher’s channel');
    expect(text).toContain('Only the Headteacher sees your name.');
    expect(text).toContain(`answers you by ${due}.`);
    expect(text).toContain('My reports');
    expect(text).toContain('Delete nothing');
    const { log, report } = await room.caseOf(reference);
    const [key = ''] = log.flatMap(({ what }) => (what.kind === 'submitted' ? what.clauses : []));
    const clause = room.school.index.clauses.get(key);
    expect(clause).toBeDefined();
    expect(text).toContain(clause?.clause.quote.split('\n')[0]);
    expect(text).toContain(clause?.policy.title);
    expect(report.reporter).toEqual({ personId: ALEX.id, name: ALEX.name });
    expect(report.answers).toMatchObject({ words, wish: TYPED.wishes.wish, nameFor: 'recipient' });
    expect(await room.bot.reports.drafts.open(owner())).toBeUndefined();
  });

  it('names no clause where the words find none', async () => {
    const receipt = await alex.report({ words: { words: 'Qwertz uiop.' } });
    const { log } = await room.caseOf(referenceIn(cardText(receipt)));
    expect(log[0]?.what).toMatchObject({ kind: 'submitted', clauses: [] });
  });
});

describe('sending twice', () => {
  it('by a double press and by every old card afterwards shows the same reference: one case, one card in the channel', async () => {
    const [what] = await alex.say('report');
    const where = await alex.press(what, 'Next', TYPED.what);
    const words = await alex.press(where, 'Next', TYPED.where);
    const evidence = await alex.press(words, 'Next', TYPED.words);
    const review = await alex.press(evidence, 'Next');
    const send = () => alex.press(review, 'Send the report', TYPED.wishes);
    const both = await Promise.all([send(), send(), send()]);
    const old = [
      await send(),
      await alex.press(what, 'Next', TYPED.what),
      await alex.press(words, 'Back', TYPED.words),
      await alex.press(review, 'Edit', TYPED.wishes),
      await alex.press(evidence, 'Save for later'),
    ];
    const references = [...both, ...old].map((card) => referenceIn(cardText(card)));
    expect(new Set(references).size).toBe(1);
    expect(references[0]).toMatch(REFERENCE);
    await room.settled();
    expect(cardsOf(references[0] ?? '')).toHaveLength(1);
    expect((await room.cases()).filter(({ report }) => report.reference === references[0])).toHaveLength(1);
  });

  it('from two devices at once, again and again, never says anything but sent', async () => {
    for (let time = 0; time < 4; time += 1) {
      const review = await alex.toLastCard();
      const devices = await Promise.all(
        ['One', 'Two', 'Three'].map((wish) => alex.press(review, 'Send the report', { ...TYPED.wishes, wish })),
      );
      for (const card of devices) expect(cardText(card)).toContain('Your report is sent');
      expect(new Set(devices.map((card) => referenceIn(cardText(card)))).size).toBe(1);
    }
    expect(room.bot.logged.filter(({ event }) => event === 'report.not_kept')).toEqual([]);
  });

  it('while another device goes back shows where the report stands, and sends nothing', async () => {
    const review = await alex.toLastCard();
    await alex.press(review, 'Back', TYPED.wishes);
    const shown = await alex.press(review, 'Send the report', TYPED.wishes);
    expect(cardText(shown)).toContain('Card 4 of 5');
    const again = await alex.press(shown, 'Next');
    expect(cardText(await alex.press(again, 'Send the report', TYPED.wishes))).toContain('Your report is sent');
  });
});

describe('a report that was left half sent', () => {
  const left = async () => {
    await alex.toLastCard();
    const stored = await room.openDraft();
    const answers = { ...stored.draft.answers, wish: TYPED.wishes.wish, nameFor: 'recipient' as const };
    const submitting = {
      ...stored.draft,
      answers,
      state: 'submitting' as const,
      done: [...stored.draft.done, 'wishes' as const],
    };
    return (await room.bot.reports.drafts.save(stored, submitting)) ?? stored;
  };

  it('before its case was made: the sweep makes it, and the receipt comes as a message', async () => {
    const { draft } = await left();
    await Promise.all([room.sweep(), room.sweep()]);
    const receipt = await until(() => receipts(draft.reference)[0]);
    expect(cardText(receipt)).toContain('Headteacher’s channel');
    await room.settled();
    expect(cardsOf(draft.reference)).toHaveLength(1);
    expect(await room.bot.reports.drafts.open(owner())).toBeUndefined();
  });

  it('after its case was made: the sweep closes the draft, and there is no second case', async () => {
    proxy.weather = 'fair';
    const review = await alex.toLastCard();
    const { draft } = await room.openDraft();
    // The case is committed; that the draft is closed is not.
    const cases = room.bot.reports.cases;
    const create = cases.create.bind(cases);
    const broken = {
      ...cases,
      create: async (change: Parameters<typeof create>[0]) => {
        const place = await create(change);
        proxy.weather = 'down';
        return place;
      },
    };
    const parts = { ...room.bot.parts, reports: { ...room.bot.reports, cases: broken } };
    const stored = await room.openDraft();
    const answers = { ...stored.draft.answers, nameFor: 'recipient' as const };
    const saved = await room.bot.reports.drafts.save(stored, { ...stored.draft, answers });
    await expect(submitFrom(parts, room.school, saved ?? stored, false)).rejects.toThrow();
    proxy.weather = 'fair';
    expect((await room.openDraft()).draft.state).toBe('submitting');
    // Whatever is pressed meanwhile brings it to its end too.
    const shown = await alex.press(review, 'Back', TYPED.wishes);
    expect(referenceIn(cardText(shown))).toBe(draft.reference);
    await room.sweep();
    await room.settled();
    expect(cardsOf(draft.reference)).toHaveLength(1);
  });

  it('takes a file that arrives meanwhile into its case', async () => {
    const { draft } = await left();
    const bytes = await aPicture(31).png().toBuffer();
    const target = { kind: 'draft', draftId: draft.id } as const;
    const [taken] = await Promise.all([
      room.bot.reports.intake.take({ owner: owner(), target, bytes, way: 'upload_page' }),
      room.sweep(),
    ]);
    expect(taken.kind).toBe('added');
    const { evidence } = await room.caseOf(draft.reference);
    expect(evidence).toHaveLength(1);
    const place = { schoolId: owner().schoolId, reference: draft.reference, evidenceId: evidence[0]?.id ?? '' };
    expect(Buffer.from((await room.bot.reports.files.original(place)) ?? [])).toEqual(bytes);
  });
});

describe('while storage is down', () => {
  it('a report is "not sent yet", nothing says sent, and once it is back it is sent by itself with a receipt', async () => {
    const review = await alex.toLastCard();
    const { draft } = await room.openDraft();
    proxy.weather = 'down';
    const shown = await alex.press(review, 'Send the report', { ...TYPED.wishes, wish: 'Typed in the storm' });
    expect(shown.text).toContain('not sent yet');
    expect(shown.text).not.toMatch(REFERENCE);
    expect(shown.text).not.toMatch(/(?<!not )sent\b(?! yet)/u);
    expect(alex.received).toEqual([]);
    proxy.weather = 'fair';
    await until(() => receipts(draft.reference)[0]);
    expect((await room.caseOf(draft.reference)).report.answers.wish).toBe('Typed in the storm');
    await room.settled();
    expect(receipts(draft.reference)).toHaveLength(1);
    expect(cardsOf(draft.reference)).toHaveLength(1);
  });

  it('a report with a fault in the last card comes back as a card that says so, with what was typed', async () => {
    const review = await alex.toLastCard();
    proxy.weather = 'down';
    const shown = await alex.press(review, 'Send the report', { wish: 'Typed in the storm' });
    expect(shown.text).toContain('not sent yet');
    proxy.weather = 'fair';
    const card = await until(() => alex.received[0]);
    expect(cardText(card)).toContain('Please choose who may see your name.');
    expect(input(card, 'wish')).toBe('Typed in the storm');
    expect(cardText(await alex.press(card, 'Send the report', TYPED.wishes))).toContain('Your report is sent');
  });

  it.each(['Back', 'Save for later', 'Discard'])('"%s" on the last card sends nothing', async (title) => {
    const review = await alex.toLastCard();
    proxy.weather = 'down';
    const shown = await alex.press(review, title, TYPED.wishes);
    expect(shown.text).toContain('I could not save that just now. What you typed is still in the card');
    proxy.weather = 'fair';
    await room.bot.reports.pending.stop();
    expect((await room.openDraft()).draft.state).toBe('writing');
    expect(cardText(await alex.press(review, 'Send the report', TYPED.wishes))).toContain('Your report is sent');
  });

  it('what was sent, though the answer was lost on the way, has the promised receipt all the same', async () => {
    const review = await alex.toLastCard();
    const { draft } = await room.openDraft();
    proxy.weather = 'answers lost';
    const shown = await alex.press(review, 'Send the report', TYPED.wishes);
    expect(shown.text).toContain('not sent yet');
    // Another device gets through first.
    proxy.weather = 'fair';
    const other = await alex.press(review, 'Send the report', TYPED.wishes);
    expect(referenceIn(cardText(other))).toBe(draft.reference);
    await until(() => receipts(draft.reference)[0]);
    expect((await room.cases()).filter(({ report }) => report.reference === draft.reference)).toHaveLength(1);
  });

  it('each transaction may lose its answer: the report is sent once', async () => {
    const review = await alex.toLastCard();
    const { draft } = await room.openDraft();
    proxy.weather = 'transactions lost once';
    const shown: Reply = await alex.press(review, 'Send the report', TYPED.wishes);
    expect(referenceIn(cardText(shown))).toBe(draft.reference);
    await room.settled();
    expect(cardsOf(draft.reference)).toHaveLength(1);
  });

  it('words about a child at risk show the advice at once all the same, and the command what to do', async () => {
    proxy.weather = 'down';
    const [safety] = await alex.say('there is a naked picture of a year 6 girl going round on snapchat');
    for (const words of ['999', 'Daniel Hughes']) expect(cardText(safety)).toContain(words);
    const [plain] = await alex.say('report');
    expect(cardText(plain)).toContain('Helen Achebe');
    const failed = room.bot.logged.filter(({ event }) => event === 'report.not_begun');
    expect(failed).toHaveLength(2);
    expect(JSON.stringify(room.bot.logged)).not.toMatch(/Morgan|0d3c6a51|snapchat|storm/iu);
  });
});
