import { changed } from '../../src/reports/case-change.js';
import { FIND_CASE_COMMAND } from '../../src/teams/find-cases.js';
import { SEARCH_COMMAND } from '../../src/teams/search.js';
import { FORMS, type FormName } from '../../src/teams/triage-forms.js';
import {
  type AChannel,
  aChannelMessage,
  aMessage,
  anInstallation,
  aSearch,
  from,
  HEADTEACHER_CHANNEL,
  messageIn,
} from './activities.js';
import { button, type Reply } from './bot.js';
import { linksTo } from './links.js';
import { aPicture } from './pictures.js';
import { ALEX, BETH, type Chat, DANIEL, HELEN, RUTH, referenceIn, Staffroom, wholeOf } from './staff.js';
import { keepCases, latest, NOVEMBER, planned } from './summary-room.js';
import { channelCardOf, formOf, pressInChannel, readingOf } from './triaging.js';
import { until } from './until.js';

/** What somebody types into a field, by its name, such as `report-step.place` or `message`. */
export type Typing = (field: string) => string;

/** What the bot has shown, and into which fields something was typed. */
export interface Journey {
  readonly room: Staffroom;
  /** Everything that came back or was posted, as it was at the time. */
  readonly shown: readonly object[];
  readonly typed: ReadonlyMap<string, string>;
}

/** The templates with boxes for words, by the verb of the button that sends them. */
const TEMPLATES: Readonly<Record<string, string>> = {
  'report.next': 'report-step',
  'case.act': 'case-form',
  'enquiry.send': 'ask-headteacher',
  'enquiry.answer': 'enquiry',
  'case.answer': 'case-question',
  'case.words': 'my-report',
  'case.withdraw': 'my-report',
  'summary.comment': 'summary-preview',
};

const CHOSEN: Readonly<Record<string, string>> = {
  ...{
    dangers: 'none',
    category: 'online_bullying',
    postedBy: 'parent',
    about: 'school',
    involved: '',
    nameFor: 'triagers',
  },
  ...{ seenDay: '2026-09-14', postedDay: '2026-09-13', on: '2026-11-01', name: 'with', keep: 'true', noScreenshot: '' },
};

interface Input {
  readonly type: string;
  readonly id: string;
  readonly choices?: readonly { readonly value: string }[];
}

function inputsIn(value: unknown): Input[] {
  if (Array.isArray(value)) return value.flatMap(inputsIn);
  if (typeof value !== 'object' || value === null) return [];
  const own = 'type' in value && String(value.type).startsWith('Input.') ? [value as unknown as Input] : [];
  return [...own, ...Object.values(value).flatMap(inputsIn)];
}

const stepOf = (card: Reply | undefined): unknown => /"step":"(\w+)"/u.exec(wholeOf(card))?.[1];

/** One school that goes through everything that people do with the bot, one after the other. */
export class Traveller {
  readonly typed = new Map<string, string>();
  readonly #typing: Typing;
  readonly #shown: object[] = [];

  private constructor(
    readonly room: Staffroom,
    typing: Typing,
  ) {
    this.#typing = typing;
  }

  static async start(typing: Typing): Promise<Traveller> {
    const begun = Date.now();
    // The clock goes on, in a week in which a summary is to be read.
    const now = () => new Date(NOVEMBER.getTime() + Date.now() - begun);
    const room = await Staffroom.open({ links: linksTo(), now });
    room.bot.deliveries.start();
    return new Traveller(room, typing);
  }

  /** Everything, once. */
  async everything(): Promise<Journey> {
    await this.questions();
    await this.enquiry();
    const reference = await this.report();
    await this.triage(reference);
    await this.conversation(reference);
    await this.deletion(reference);
    await this.childSafety();
    await this.lists(reference);
    await this.searches(reference);
    await this.summary();
    await this.setup();
    return this.journey();
  }

  journey(): Journey {
    const posted = this.room.connector.calls.filter(({ method }) => method !== 'GET').map(({ body }) => body as object);
    return { room: this.room, shown: [...this.#shown, ...posted], typed: this.typed };
  }

  type(field: string): string {
    const text = this.#typing(field);
    this.typed.set(field, text);
    return text;
  }

  #keep<T extends object | undefined>(reply: T): T {
    if (reply) this.#shown.push(reply);
    return reply;
  }

  /** Presses a button with something in every box of the card. */
  async fill(chat: Chat, card: Reply, title: string, change: Readonly<Record<string, string>> = {}, inChannel = false) {
    const { verb, data } = button(card, title);
    const template = TEMPLATES[verb] ?? verb;
    const isForm = template === 'case-form' && wholeOf(card).includes('"do":"cancel"');
    const prefix = isForm ? `case-form.${String(data.do)}` : template === 'case-form' ? 'case-deletion' : template;
    const typed: Record<string, string> = {};
    for (const { type, id, choices } of inputsIn(card)) {
      if (type === 'Input.Text' && id !== 'paste') typed[id] = this.type(`${prefix}.${id}`);
      else if (CHOSEN[id] !== undefined) typed[id] = CHOSEN[id] ?? '';
      else typed[id] = choices?.[0]?.value ?? (type === 'Input.Time' ? '10:15' : '');
    }
    const all = { ...data, ...typed, ...change };
    try {
      return this.#keep(await (inChannel ? chat.runInChannel(verb, all) : chat.run(verb, all)));
    } catch (cause) {
      const faults = this.room.bot.logged.filter(({ level }) => level === 'error');
      throw new Error(`"${title}" failed: ${JSON.stringify(faults)}`, { cause });
    }
  }

  async say(chat: Chat, words: string): Promise<Reply[]> {
    const replies = await chat.say(words);
    for (const reply of replies) this.#keep(reply);
    return replies;
  }

  async questions(): Promise<void> {
    const alex = this.room.chatOf(ALEX);
    for (const words of ['help', 'hello', 'status', 'gaps']) await this.say(alex, words);
    for (const question of ['do i need to withhold my number when i ring parents', this.type('message')]) {
      const [answer] = await this.say(alex, question);
      if (JSON.stringify(answer).includes('"ask.rate"')) this.#keep(await alex.press(answer, 'No'));
    }
    await this.room.bot.replies(from(ALEX, anInstallation(this.room.options)));
    await this.say(alex, `how do i book a day off for my sisters wedding ${this.type('message')}`);
  }

  async enquiry(): Promise<void> {
    const { room } = this;
    const [alex, helen, daniel] = [room.chatOf(ALEX), room.chatOf(HELEN), room.chatOf(DANIEL)];
    const [card] = await this.say(alex, 'how do i book a day off for my sisters wedding');
    const form = this.#keep(await alex.press(card, 'Ask the Headteacher'));
    await this.fill(alex, form, 'Send', { question: `${this.type('ask-headteacher.question')} ${'x'.repeat(3_000)}` });
    await this.fill(alex, form, 'Send');
    const asked = await until(() => room.channel.find((one) => wholeOf(one).includes('enquiry.answer')));
    await this.fill(
      helen,
      asked,
      'Send answer',
      { answer: `${this.type('enquiry.answer')} ${'x'.repeat(6_000)}` },
      true,
    );
    await this.fill(helen, asked, 'Send answer', {}, true);
    await this.fill(daniel, asked, 'Send answer', { answer: `${this.type('enquiry.answer')} too` }, true);
    await this.say(alex, this.typed.get('enquiry.keptAs') ?? '');
  }

  /** @returns its reference. */
  async report(): Promise<string> {
    const beth = this.room.chatOf(BETH);
    let [card] = await this.say(beth, `report ${this.type('message')}`);
    if (!JSON.stringify(card).includes('report.next')) [card] = await this.say(beth, 'report');
    // What is at fault is shown again; then it is filled in as it should be.
    while (stepOf(card) !== 'wishes') {
      const before: Reply = card as Reply;
      card = await this.fill(beth, before, 'Next', {
        words: `${this.type('report-step.words')} ${'x'.repeat(5_000)}`,
        seenTime: 'soon',
      });
      this.#keep(await beth.press(card, 'Save for later'));
      if (stepOf(card) === stepOf(before)) card = await this.fill(beth, card, 'Next');
      if (stepOf(card) === 'evidence') await this.file(beth);
    }
    const short = await this.fill(beth, card as Reply, 'Send the report', { wish: 'x'.repeat(700) });
    const evidence = this.#keep(await beth.press(short, 'Back'));
    const last = await this.fill(beth, evidence, 'Next');
    const receipt = await this.fill(beth, last, 'Send the report');
    return referenceIn(wholeOf(receipt));
  }

  /** A pasted picture, and a file with a name. */
  async file(chat: Chat): Promise<void> {
    const bytes = await aPicture(11).png().toBuffer();
    const { room } = this;
    const attachment = {
      contentType: 'application/vnd.microsoft.teams.file.download.info',
      name: this.type('file name'),
      content: {
        downloadUrl: room.fileUrl(room.files.file({ kind: 'serves', bytes })),
        uniqueId: '1',
        fileType: 'png',
      },
    };
    for (const reply of await chat.say(this.type('message'), [attachment])) this.#keep(reply);
  }

  async triage(reference: string): Promise<void> {
    const { room } = this;
    const [helen, daniel] = [room.chatOf(HELEN), room.chatOf(DANIEL)];
    await daniel.say('hello');
    this.#keep(await pressInChannel(helen, await channelCardOf(room, reference), 'Open'));
    const other = await this.otherCase();
    for (const form of Object.keys(FORMS) as FormName[]) {
      if (['reopen', 'close', 'ask'].includes(form)) continue;
      // A form that another makes possible is there once the case has been drawn anew.
      if (form.startsWith('release')) await room.settled();
      await this.form(helen, reference, form, form === 'link' ? { to: other } : {});
    }
  }

  async otherCase(): Promise<string> {
    return referenceIn(wholeOf(await this.room.chatOf(RUTH).report()));
  }

  /** Opens a form, fills it in too long and then as it should be; a form that is not there for this case is left out. */
  async form(
    chat: Chat,
    reference: string,
    name: FormName,
    change: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const { button: title, submit } = FORMS[name];
    const reading = await readingOf(chat, reference);
    if (!wholeOf(reading).includes(`"title":${JSON.stringify(title)}`)) return;
    const form = this.#keep(await formOf(chat, reading, title));
    const long = Object.fromEntries(
      inputsIn(form)
        .filter(({ type }) => type === 'Input.Text')
        .map(({ id }) => [id, `${this.type(`case-form.${name}.${id}`)} ${'x'.repeat(4_000)}`]),
    );
    await this.fill(chat, form, submit, long);
    await this.fill(chat, form, submit, change);
  }

  /** Question and answer, more words, the end, and after it. */
  async conversation(reference: string): Promise<void> {
    const { room } = this;
    const [helen, beth] = [room.chatOf(HELEN), room.chatOf(BETH)];
    await this.form(helen, reference, 'ask');
    const asked = await until(() => beth.received.find((one) => wholeOf(one).includes('"case.answer"')));
    await this.fill(beth, asked, 'Answer', { words: `${this.type('case-question.words')} ${'x'.repeat(5_000)}` });
    await this.fill(beth, asked, 'Answer');
    const own = this.#keep(await beth.run('case.own', { reference }));
    await this.fill(beth, own, 'Add these words', { words: `${this.type('my-report.words')} ${'x'.repeat(5_000)}` });
    await this.fill(beth, own, 'Add these words');
    await room.settled();
    await this.form(helen, reference, 'close');
    await room.settled();
    await this.form(helen, reference, 'reopen');
    await room.settled();
    const again = this.#keep(await beth.run('case.own', { reference }));
    const { data, verb } = button(again, 'Withdraw it');
    const reason = this.type('my-report.reason');
    for (const one of [`${reason} ${'x'.repeat(700)}`, reason])
      this.#keep(await beth.run(verb, { ...data, words: this.type('my-report.words'), reason: one }));
    await room.settled();
    this.#keep(await beth.run('case.own', { reference }));
  }

  /** Word that a case is to be deleted, with a box for why it must not be. */
  async deletion(reference: string): Promise<void> {
    const { room } = this;
    const { reports, deliveries, parts } = room.bot;
    const stored = await reports.cases.find(room.school.profile.id, reference);
    if (!stored) throw new Error('The case is gone.');
    const target = { to: 'person', personId: HELEN.id } as const;
    const change = changed(
      stored.case,
      { system: true },
      parts.now(),
      [{ kind: 'deletion_announced', on: '2032-11-22', people: [HELEN.id] }],
      { deliveries: [{ kind: 'case.deletion_announced', refs: { reference }, target, placement: { at: 'new' } }] },
    );
    const place = await reports.cases.change(stored, change);
    if (!place) throw new Error('Somebody else was first.');
    await deliveries.committed(place);
    const helen = room.chatOf(HELEN);
    const card = await until(() => helen.received.findLast((one) => wholeOf(one).includes('will soon be deleted')));
    await this.fill(helen, card, 'Place on legal hold', { reason: 'x'.repeat(700) });
    await this.fill(helen, card, 'Place on legal hold');
    await room.settled();
  }

  async childSafety(): Promise<void> {
    const alex = this.room.chatOf(ALEX);
    let [card] = await this.say(alex, 'report');
    // Where words typed before were taken for a report, that one is open.
    if (wholeOf(card).includes('You have a report that is not sent yet')) {
      await alex.press(await alex.press(card, 'Discard it'), 'Yes, discard it');
      [card] = await this.say(alex, 'report');
    }
    const told = await this.fill(alex, card as Reply, 'Next', { dangers: 'threat' });
    await this.fill(alex, told, 'Send at once', { told: 'x'.repeat(700) });
    await this.fill(alex, told, 'Send at once');
    await this.room.settled();
  }

  async lists(reference: string): Promise<void> {
    const helen = this.room.chatOf(HELEN);
    for (const words of ['open cases', 'mine', 'overdue', reference, `${reference} ${this.type('message')}`])
      await this.say(helen, words);
    const channel = { ...aChannelMessage('open cases', { mention: true }, this.room.options) };
    const conversation = { ...channel.conversation, id: `${HEADTEACHER_CHANNEL};messageid=1` };
    for (const reply of await this.room.bot.replies({ ...from(HELEN, channel), conversation })) this.#keep(reply);
    await this.say(this.room.chatOf(BETH), 'my reports');
  }

  async searches(reference: string): Promise<void> {
    const queries = [
      ...[SEARCH_COMMAND, FIND_CASE_COMMAND].map(({ id, parameter }) => [id, parameter, this.type('search')] as const),
      [SEARCH_COMMAND.id, SEARCH_COMMAND.parameter, `ring parents ${this.type('search')}`] as const,
      [FIND_CASE_COMMAND.id, FIND_CASE_COMMAND.parameter, reference] as const,
    ];
    for (const [commandId, name, value] of queries) {
      const query = { commandId, parameters: [{ name, value }], queryOptions: { skip: 0, count: 25 } };
      this.#keep((await (await this.room.bot.send(from(HELEN, aSearch(query, this.room.options)))).json()) as object);
    }
  }

  async summary(): Promise<void> {
    const { room } = this;
    const [helen, ruth] = [room.chatOf(HELEN), room.chatOf(RUTH)];
    await helen.say('help');
    await keepCases(room, 12, 2);
    await planned(room, 'half_term-2026-08-31', '2026-11-04');
    const preview = await latest(helen, 'This goes to the governors');
    let kept = await this.fill(helen, preview, 'Keep the comment', {
      comment: `${this.type('summary-preview.comment')} ${'x'.repeat(3_000)}`,
    });
    kept = await this.fill(helen, preview, 'Keep the comment');
    if (wholeOf(kept).includes('Keep it all the same')) kept = await this.fill(helen, kept, 'Keep it all the same');
    for (const words of ['summary', 'summary last term']) await this.say(ruth, words);
    await this.say(helen, `summary ${this.type('message')}`);
  }

  /** Teams brings names of people, channels and teams, which anybody may have chosen. */
  async setup(): Promise<void> {
    const { room } = this;
    const channel: AChannel = { id: '19:odd@thread.tacv2', name: this.type('channel name'), type: 'standard' };
    for (const words of ['use this channel for reports', this.type('message')])
      for (const reply of await room.bot.replies(from(HELEN, messageIn(channel, words, room.options))))
        this.#keep(reply);
    await this.say(room.chatOf(HELEN), 'status');
    const stranger = { id: crypto.randomUUID(), name: this.type('name') };
    const say = async (words: string) => {
      const replies = await room.bot.replies(from(stranger, aMessage(words, room.options)));
      for (const reply of replies) this.#keep(reply);
      return replies;
    };
    const [card] = await say('how do i book a day off for my sisters wedding');
    const stray = room.chatOf(stranger);
    const form = this.#keep(await stray.press(card, 'Ask the Headteacher'));
    await this.fill(stray, form, 'Send');
    const reference = referenceIn(wholeOf(await stray.report()));
    await room.settled();
    this.#keep(await room.chatOf(HELEN).runInChannel('case.open', { reference }));
    await room.settled();
  }
}
