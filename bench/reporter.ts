import { aMessage, anExecute, from, type RawActivity } from '../test/support/activities.js';

/** What a member of staff types into the five cards. */
const TYPED = {
  what: { dangers: 'none', category: 'disparaging_post', postedBy: 'parent', about: 'school' },
  where: { platform: 'facebook', place: 'Year 4 parents', account: 'Year 4', seenDay: '2026-09-14' },
  words: { words: 'A parent has posted that our teachers cannot teach, with a photo of the hall.', whoSaw: 'Many' },
  evidence: {},
  wishes: { wish: 'Take it down', nameFor: 'recipient' },
} as const;
type Step = keyof typeof TYPED;

const PERSONAL_CHAT_CARD = 'message-of-the-card';
const MOST_TRIES = 30;

/** Where somebody reports to. */
export interface ReportingTo {
  /** Where the bot takes messages. */
  readonly bot: string;
  /** Of the channel's service. */
  readonly serviceUrl: string;
}

/** What a report is made of, as whoever makes it sees it: cards by what they ask for, the page and the files that it takes. */
export type ReportStep = 'start' | Step | 'page' | 'files';

/** Does a step of a report, and may look at it. */
export type AroundStep = <T>(step: ReportStep, task: () => Promise<T>) => Promise<T>;

/** A report on its last card. */
export interface LastCard {
  readonly personId: string;
  readonly draftId: string;
}

/** Somebody who makes whole reports: all cards, files through the upload page, until the receipt. Nobody in the school's profile. */
export class Reporter {
  readonly #to: ReportingTo;
  readonly #pictures: readonly Uint8Array[];
  readonly #around: AroundStep;
  /** Answers to come again later, each of which was heeded. */
  askedAgain = 0;

  constructor(to: ReportingTo, pictures: readonly Uint8Array[], around: AroundStep = (_, task) => task()) {
    this.#to = to;
    this.#pictures = pictures;
    this.#around = around;
  }

  /**
   * @returns the reference on the receipt.
   * @throws when it is not sent in the end.
   */
  async report(): Promise<string> {
    const { personId, draftId } = await this.toLastCard();
    const receipt = await this.#press(personId, draftId, 'wishes', /Your report is sent/u);
    const reference = /PD-[0-9A-HJKMNP-TV-Z]{8}/u.exec(receipt)?.[0];
    if (reference === undefined) throw new Error(`It is no receipt: ${receipt}`);
    return reference;
  }

  /** All but sending it. */
  async toLastCard(): Promise<LastCard> {
    const personId = crypto.randomUUID();
    const first = await this.#around('start', () => this.#post(this.#mine(personId, aMessage('report', this.#to))));
    const draftId = /"draftId":"([0-9a-f]{24})"/u.exec(first)?.[1];
    if (draftId === undefined) throw new Error(`It is no first card: ${first}`);
    let card = first;
    for (const [step, next] of [
      ['what', 'Card 2 of 5'],
      ['where', 'Card 3 of 5'],
      ['words', 'Card 4 of 5'],
    ] as const)
      card = await this.#press(personId, draftId, step, new RegExp(next, 'u'));
    await this.#upload(card);
    await this.#press(personId, draftId, 'evidence', /Card 5 of 5/u);
    return { personId, draftId };
  }

  #press(personId: string, draftId: string, step: Step, expected: RegExp): Promise<string> {
    return this.#around(step, () => this.#pressUntil(personId, draftId, step, expected));
  }

  async #pressUntil(personId: string, draftId: string, step: Step, expected: RegExp): Promise<string> {
    const data = { draftId, step, ...TYPED[step] };
    const activity = { ...anExecute('report.next', data, this.#to), replyToId: PERSONAL_CHAT_CARD };
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const card = await this.#post(this.#mine(personId, activity));
      if (expected.test(card)) return card;
      if (!/could not save|not sent yet/u.test(card)) throw new Error(`Not the next card: ${card.slice(0, 2_000)}`);
      await this.#later(1);
    }
    throw new Error('It could not be saved in many tries.');
  }

  /** As the page's script does: both at once. */
  async #upload(card: string): Promise<void> {
    const link = /http:\/\/127\.0\.0\.1:\d+\/evidence\/[\w.-]+/u.exec(card)?.[0];
    if (link === undefined) throw new Error(`The card has no link to the upload page: ${card.slice(0, 2_000)}`);
    await this.#around('page', async () => {
      const page = await fetch(link);
      if (!page.ok) throw new Error(`The upload page answers with ${page.status}.`);
      await page.text();
    });
    await this.#around('files', () =>
      Promise.all(this.#pictures.map((bytes) => this.#sendFile(`${link}/files`, bytes))),
    );
  }

  async #sendFile(address: string, bytes: Uint8Array): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const headers = { 'content-type': 'application/octet-stream' };
      const answer = await fetch(address, { method: 'POST', headers, body: bytes });
      const words = await answer.text();
      if (/"outcome":"(?:added|same)"/u.test(words)) return;
      if (answer.status < 500) throw new Error(`The file was refused: ${words}`);
      await this.#later(Number(answer.headers.get('retry-after') ?? 1));
    }
    throw new Error('A file was not taken in many tries.');
  }

  async #later(seconds: number): Promise<void> {
    this.askedAgain += 1;
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  }

  #mine(personId: string, activity: RawActivity): RawActivity {
    const conversation = { ...activity.conversation, id: `a:chat-of-29:${personId}` };
    return { ...from({ id: personId, name: 'Teacher' }, activity), conversation };
  }

  async #post(activity: object): Promise<string> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(this.#to.bot, { method: 'POST', headers, body: JSON.stringify(activity) });
    const text = await response.text();
    if (!response.ok) throw new Error(`The bot answers with ${response.status}: ${text}`);
    return text;
  }
}
