import { setTimeout } from 'node:timers/promises';
import { type BotClient, cardText, input, type Reply } from './bot.js';
import { aPicture } from './pictures.js';
import { hex, sha256 } from './reports.js';
import { Chat, type ChatRoom, REFERENCE, TYPED, wholeOf } from './staff.js';
import { times } from './thoroughness.js';

/** Whoever tries again too often is asked to come back. */
const PAUSING = /so I am pausing\. Please come back at/u;
const STEPS = ['what', 'where', 'words', 'evidence', 'wishes'] as const;
type Step = (typeof STEPS)[number];

/** What a member of staff has done about one report, and all that they were told about it. */
export interface Reporting {
  /** Stands in the words and the wish, and nowhere else. */
  readonly mark: string;
  /** SHA-256 of files of which it was said that they are kept. */
  readonly kept: string[];
  /** Steps of which the next card came, so that they are saved, by all that was shown. */
  readonly saved: Set<Step>;
  /** References of failures that were shown. */
  readonly failures: string[];
  /** Said that it is not sent yet, and that the receipt comes by itself. */
  promised: boolean;
  /** Names the draft, once a card of it was seen. */
  draft: string | undefined;
  /** The reference that was told as sent. */
  receipt: string | undefined;
}

export interface RoomWithFiles extends ChatRoom {
  readonly bot: BotClient;
  /** A picture pasted into a message. */
  pasted(bytes: Uint8Array): object;
}

export interface StaffOptions {
  /** Between a failure and the next try. */
  readonly againMs?: number;
  /** Save one for later, and go on with it. */
  readonly savesForLater?: boolean;
  readonly pictures?: number;
}

/**
 * A member of staff who reports, tries again when told to, and believes what they are told. What cannot be so by any account is
 * kept in `wrong`.
 */
export class SimulatedStaff {
  readonly reports: Reporting[] = [];
  readonly wrong: string[] = [];
  /** The longest wait for an answer, in milliseconds, and what for. */
  slowest = { ms: 0, what: '' };
  /** Everything that was said, for a failing test to show. */
  readonly chat: Chat;
  readonly #room: RoomWithFiles;
  readonly #options: StaffOptions;
  static #next = 0;

  constructor(room: RoomWithFiles, options: StaffOptions = {}) {
    this.#room = room;
    this.#options = options;
    SimulatedStaff.#next += 1;
    const id = `${hex(8)}-7b1e-4f0a-8c55-${hex(12)}`;
    this.chat = new Chat(room, { id, name: `Pat Example ${SimulatedStaff.#next}` });
  }

  /** The receipts that came as messages of their own. */
  receipts(reference: string): number {
    return this.chat.received.filter((card) => isReceipt(card) && wholeOf(card).includes(reference)).length;
  }

  /** Makes one report, however often it takes, until its receipt is seen or promised. */
  async report(): Promise<Reporting> {
    const one: Reporting = {
      ...{ mark: `mark${hex(12)}`, kept: [], saved: new Set<Step>(), failures: [] },
      ...{ promised: false, draft: undefined, receipt: undefined },
    };
    this.reports.push(one);
    let card = await this.#begin(one);
    let pictures = this.#options.pictures ?? 1;
    let later = this.#options.savesForLater ?? false;
    while (!one.promised && one.receipt === undefined) {
      const step = stepOf(card);
      if (step === undefined) {
        this.wrong.push(`A card that is none of the report's: ${wholeOf(card).slice(0, 300)}`);
        return one;
      }
      one.draft = draftOf(card);
      if (step === 'evidence' && pictures > 0 && (await this.#attach(one))) pictures -= 1;
      if (step === 'words' && later) {
        later = false;
        card = await this.#saveForLater(one, card);
      } else card = await this.#goOn(one, card, step);
    }
    return one;
  }

  async #begin(one: Reporting): Promise<Reply> {
    for (;;) {
      const [card] = await this.#timed('report', () => this.chat.say('report'));
      if (stepOf(card) !== undefined) return card as Reply;
      if (cardText(card).includes('You have a report that is not sent yet')) {
        // Begun before, when the answer was lost on the way, or saved for later. What was promised to be sent is left alone.
        if (!this.reports.some(({ promised, draft }) => promised && draft === draftOf(card)))
          return this.#resume(one, card as Reply);
      } else this.#noteFailure(one, card, /I cannot keep a report right now: nothing has been sent to anyone/u);
      await this.#pause();
    }
  }

  async #resume(one: Reporting, offer: Reply): Promise<Reply> {
    for (;;) {
      const card = await this.#timed('resume', () => this.#press(offer, 'Go on with it'));
      if (stepOf(card) !== undefined) return card;
      this.#noteFailure(one, card);
      await this.#pause();
    }
  }

  async #goOn(one: Reporting, card: Reply, step: Step): Promise<Reply> {
    const title = step === 'wishes' ? 'Send the report' : 'Next';
    const shown = await this.#timed(step, () => this.#press(card, title, typedInto(step, one.mark)));
    if (isReceipt(shown)) {
      one.receipt = REFERENCE.exec(cardText(shown))?.[0];
      return shown;
    }
    if (shown.text?.includes('Your report is not sent yet') === true) {
      one.promised = true;
      this.#noteFailure(one, shown);
      return shown;
    }
    const next = stepOf(shown);
    if (next === undefined) {
      this.#noteFailure(one, shown);
      await this.#pause();
      return card;
    }
    if (STEPS.indexOf(next) > STEPS.indexOf(step)) one.saved.add(step);
    return shown;
  }

  /** What was typed is on the card when it is asked for again. */
  async #saveForLater(one: Reporting, card: Reply): Promise<Reply> {
    const shown = await this.#timed('save', () => this.#press(card, 'Save for later', typedInto('words', one.mark)));
    if (!cardText(shown).includes('Saved for later')) {
      this.#noteFailure(one, shown);
      await this.#pause();
      return card;
    }
    const again = await this.#begin(one);
    if (stepOf(again) === 'words' && !String(input(again, 'words')).includes(one.mark))
      this.wrong.push(`Said to be saved, and gone: ${one.mark}`);
    return again;
  }

  /** A press that failed as a whole has its words in a message of their own. */
  async #press(card: Reply, title: string, typed: object = {}): Promise<Reply> {
    const before = this.chat.received.length;
    try {
      return await this.chat.press(card, title, typed);
    } catch (error) {
      const [said] = this.chat.received.slice(before);
      if (said === undefined) throw error;
      return said;
    }
  }

  /** @returns whether it was kept. */
  async #attach(one: Reporting): Promise<boolean> {
    const bytes = await aPicture(Number.parseInt(one.mark.slice(-6), 16) + one.kept.length)
      .png()
      .toBuffer();
    for (let tries = 0; tries < 50; tries += 1) {
      const [reply] = await this.#timed('attach', () => this.chat.say('', [this.#room.pasted(bytes)]));
      if (/Kept, to the byte|I have that one already/u.test(reply?.text ?? '')) {
        one.kept.push(sha256(bytes));
        return true;
      }
      this.#noteFailure(one, reply, /I could not keep that file just now|did not hand me that file/u);
      await this.#pause();
    }
    this.wrong.push(`A file was refused again and again: ${one.mark}`);
    return true;
  }

  /** Whatever is said instead of what was asked for names its reference, or is a sentence that needs none. */
  #noteFailure(one: Reporting, reply: Reply | undefined, plain?: RegExp): void {
    const said = `${reply?.text ?? ''} ${wholeOf(reply) ?? ''}`;
    const [reference] = /ERR-[0-9A-HJKMNP-TV-Z]{8}/u.exec(said) ?? [];
    if (reference !== undefined) one.failures.push(reference);
    else if (!plain?.test(said) && !PAUSING.test(said))
      this.wrong.push(`Neither what was asked for nor a reference: ${said.slice(0, 300)}`);
  }

  async #timed<T>(what: string, work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    const done = await work();
    const ms = Math.round(performance.now() - began);
    if (ms > this.slowest.ms) this.slowest = { ms, what };
    return done;
  }

  #pause(): Promise<void> {
    return setTimeout((this.#options.againMs ?? times(500, 3_000)) * (0.5 + Math.random()));
  }
}

/** Which card of a report that is being written this is. */
function stepOf(card: Reply | undefined): Step | undefined {
  const [, step] = /"draftId":"[^"]*","step":"(\w+)"/u.exec(wholeOf(card) ?? '') ?? [];
  return STEPS.find((one) => one === step);
}

const draftOf = (card: Reply | undefined): string | undefined => /"draftId":"([^"]+)"/u.exec(wholeOf(card) ?? '')?.[1];

const isReceipt = (card: Reply): boolean => cardText(card).includes('Your report is sent');

function typedInto(step: Step, mark: string): object {
  if (step === 'words') return { ...TYPED.words, words: `It says ${mark} of me.` };
  return step === 'wishes' ? { ...TYPED.wishes, wish: `Take ${mark} down` } : TYPED[step];
}
