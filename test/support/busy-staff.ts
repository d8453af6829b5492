import { setTimeout } from 'node:timers/promises';
import { aMessage, anExecute, from, type RawActivity } from './activities.js';
import { button, cardText, type Reply, shown } from './bot.js';
import type { Chance } from './chance.js';
import { aPicture } from './pictures.js';
import { sha256 } from './reports.js';
import { REFERENCE, TYPED, wholeOf } from './staff.js';
import type { WholeDesk } from './whole-desk.js';

/** What somebody was shown of one report, and what they had given for it. */
export interface Shown {
  readonly personId: string;
  /** Words that stand in no other report. */
  readonly words: string;
  readonly about: 'school' | 'headteacher';
  draftId: string;
  /** Files that were said to be kept. */
  readonly files: { readonly sha256: string; readonly bytes: Uint8Array }[];
  /** The steps whose answers were said to be kept: the next card was shown. */
  readonly kept: Set<string>;
  /** Each time that a receipt was shown, its reference. */
  readonly receipts: string[];
}

/** What staff do besides, with the chance of each. */
const SAVES_FOR_LATER = 0.15;
const PRESSES_TWICE = 0.15;
const PRESSES_AGAIN = 0.2;
const IS_ABOUT_HEADTEACHER = 0.1;
const AGAIN_MS = 60;

/** Figures over all staff. */
export interface Tally {
  answers: number;
  /** Answers that never came: nobody knows what became of what was pressed. */
  unclear: number;
  /** Answers that it was not kept just now. */
  refused: number;
  uploads: number;
  /** Under way at this moment. */
  readonly underWay: Map<string, number>;
}

export const newTally = (): Tally => ({ answers: 0, unclear: 0, refused: 0, uploads: 0, underWay: new Map() });

/** A member of staff with a phone: goes on pressing until an answer comes, and remembers what was said. */
export class BusyStaff {
  readonly id: string;
  readonly name: string;
  readonly shown: Shown[] = [];
  readonly #desk: WholeDesk;
  readonly #chance: Chance;
  readonly #tally: Tally;

  constructor(desk: WholeDesk, number: number, chance: Chance, tally: Tally) {
    this.id = `0d3c6a51-7b1e-4f0a-8c55-2e9a2b7d4c${number.toString(16).padStart(2, '0')}`;
    this.name = `Teacher ${number}`;
    this.#desk = desk;
    this.#chance = chance;
    this.#tally = tally;
  }

  /** Makes a whole report. */
  async report(): Promise<Shown> {
    const { report, card } = await this.#toEvidence();
    const atLast = await this.#press(
      await this.#press(card, 'Next', {}, report),
      'Send the report',
      TYPED.wishes,
      report,
    );
    await this.#untilReceipt(atLast, report);
    if (this.#chance.happens(PRESSES_AGAIN))
      await this.#untilReceipt(await this.#press(this.#last, 'Send the report', TYPED.wishes, report), report);
    return report;
  }

  /** Begins one, and leaves it with its files at the card for evidence. */
  async leaveOpen(): Promise<Shown> {
    return (await this.#toEvidence()).report;
  }

  /** What an own draft shows now: its card. */
  async resume(): Promise<Reply> {
    const offer = await this.#say('report');
    return this.#run(button(offer, 'Go on with it'));
  }

  /** The last card before the report was sent, which stays in the chat on a phone that missed the answer. */
  #last: Reply | undefined;

  async #toEvidence(): Promise<{ report: Shown; card: Reply }> {
    const about = this.#chance.happens(IS_ABOUT_HEADTEACHER) ? 'headteacher' : 'school';
    const words = `Xyla says that I am wombat ${this.name}/${this.shown.length}.`;
    const report: Shown = {
      ...{ personId: this.id, words, about, draftId: '', files: [], kept: new Set<string>(), receipts: [] },
    };
    const begun = await this.#say('report');
    let card = wholeOf(begun).includes('Go on with it') ? await this.#run(button(begun, 'Go on with it')) : begun;
    report.draftId = String(button(card, 'Next').data.draftId);
    this.shown.push(report);
    card = await this.#press(card, 'Next', { ...TYPED.what, about }, report);
    card = await this.#press(card, 'Next', TYPED.where, report);
    if (this.#chance.happens(SAVES_FOR_LATER)) card = await this.#saveForLater(card, report);
    card = await this.#press(card, 'Next', { ...TYPED.words, words }, report);
    const count = 1 + this.#chance.below(2);
    for (let at = 0; at < count; at += 1) card = await this.#addFile(card, report);
    return { report, card };
  }

  async #saveForLater(card: Reply, { words }: Shown): Promise<Reply> {
    const saved = await this.#run(button(card, 'Save for later'), { ...TYPED.words, words });
    if (!wholeOf(saved).includes('Saved for later')) throw new Error(`It was not saved: ${wholeOf(saved)}`);
    return this.resume();
  }

  /** Presses until the answer is another card than the one that was pressed. */
  async #press(card: Reply | undefined, title: string, typed: object, report: Shown): Promise<Reply> {
    const { verb, data } = button(card, title);
    if (title === 'Send the report') this.#last = card;
    const twice = title === 'Send the report' && this.#chance.happens(PRESSES_TWICE);
    const pressed = { verb, data };
    const [answer] = await Promise.all([this.#run(pressed, typed), ...(twice ? [this.#run(pressed, typed)] : [])]);
    report.kept.add(String(data.step));
    return answer;
  }

  async #untilReceipt(answer: Reply, report: Shown): Promise<void> {
    const reference = REFERENCE.exec(wholeOf(answer) ?? '')?.[0];
    if (reference === undefined || !/is sent|is kept/u.test(cardText(answer)))
      throw new Error(`It is no receipt: ${wholeOf(answer) ?? answer.text}`);
    report.receipts.push(reference);
  }

  /** @returns the card as it stands then. */
  async #addFile(card: Reply, report: Shown): Promise<Reply> {
    const bytes = await aPicture(this.#chance.below(2 ** 31), 60, 40)
      .png()
      .toBuffer();
    const way = this.#chance.oneOf<'page' | 'form' | 'pasted' | 'attached'>(['page', 'form', 'pasted', 'attached']);
    this.#tally.uploads += 1;
    if (way === 'pasted' || way === 'attached') await this.#sendInChat(bytes, way);
    else await this.#upload(uploadLinkIn(card), bytes, way);
    report.files.push({ sha256: sha256(bytes), bytes });
    return this.#run(button(card, 'Refresh'));
  }

  async #sendInChat(bytes: Uint8Array, way: 'pasted' | 'attached'): Promise<void> {
    for (;;) {
      const activity = { ...this.#mine(aMessage('', this.#options)), attachments: [this.#desk.attachment(bytes, way)] };
      const said = await this.#during('upload', () => this.#replyTo(activity));
      if (/^Kept, to the byte|^I have that one already/u.test(said.text ?? '')) return;
      await this.#notKept(said.text ?? wholeOf(said));
    }
  }

  async #upload(link: string, bytes: Uint8Array, way: 'page' | 'form'): Promise<void> {
    for (;;) {
      const said = await this.#during('upload', () => this.#post(link, bytes, way));
      if (/"outcome":"(?:added|same)"|Added\. Your report has|is there already/u.test(said)) return;
      await this.#notKept(said.replace(/<[^>]*>/gu, ' '));
    }
  }

  #post(link: string, bytes: Uint8Array, way: 'page' | 'form'): Promise<string> {
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(bytes)]), 'x.png');
    const path = new URL(link).pathname;
    const asked =
      way === 'form'
        ? { path, body: form, headers: undefined }
        : {
            path: `${path}/files`,
            body: new Uint8Array(bytes),
            headers: { 'content-type': 'application/octet-stream' },
          };
    return this.#untilAnswered(async (address) => {
      const { body, headers } = asked;
      const response = await fetch(`${address}${asked.path}`, { method: 'POST', body, ...(headers && { headers }) });
      return { status: response.status, text: await response.text() };
    });
  }

  async #notKept(why: string | undefined): Promise<void> {
    if (!/could not|not sent yet|not kept|in a minute|did not hand|too long|try again/iu.test(why ?? ''))
      throw new Error(`Said: ${why}`);
    this.#tally.refused += 1;
    await setTimeout(AGAIN_MS);
  }

  get #options() {
    return { serviceUrl: this.#desk.serviceUrl };
  }

  #mine(activity: RawActivity): RawActivity {
    const conversation = { ...activity.conversation, id: `a:chat-of-29:${this.id}` };
    return { ...from(this, activity), conversation };
  }

  #say(text: string): Promise<Reply> {
    return this.#replyTo(this.#mine(aMessage(text, this.#options)));
  }

  async #replyTo(activity: RawActivity): Promise<Reply> {
    for (;;) {
      const text = await this.#send(activity);
      const { activities } = JSON.parse(text) as { activities: Reply[] };
      const reply = activities.findLast(({ type }) => type === 'message');
      const isRefused = wholeOf(reply)?.includes('I cannot keep a report right now') ?? false;
      if (reply && !isRefused && (activity.text !== 'report' || reply.attachments)) return reply;
      await this.#notKept(isRefused ? 'It could not be kept.' : (reply?.text ?? text));
    }
  }

  /** Presses a button, again and again while the answer is that it was not kept. */
  async #run({ verb, data }: { verb: string; data: object }, typed: object = {}): Promise<Reply> {
    for (;;) {
      const activity = this.#mine(anExecute(verb, { ...data, ...typed }, this.#options));
      const text = await this.#during(verb === 'report.next' && 'wish' in typed ? 'submit' : 'button', () =>
        this.#send(activity),
      );
      const reply = await shown(new Response(text));
      if (reply.attachments) return reply;
      await this.#notKept(reply.text);
    }
  }

  #send(activity: object): Promise<string> {
    return this.#untilAnswered(async (address) => {
      const response = await fetch(`${address}/api/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(activity),
      });
      return { status: response.status, text: await response.text() };
    });
  }

  /** Asks any of the processes, until one answers. */
  async #untilAnswered(ask: (address: string) => Promise<{ status: number; text: string }>): Promise<string> {
    for (;;) {
      const [first, ...others] = this.#desk.desks.map(({ address }) => address);
      try {
        const { status, text } = await ask(this.#chance.oneOf([first ?? '', ...others]));
        if (status !== 503) {
          this.#tally.answers += 1;
          return text;
        }
      } catch (error) {
        // A press that found nobody is no unclear one.
        if (!String((error as { cause?: { code?: string } }).cause?.code).includes('ECONNREFUSED'))
          this.#tally.unclear += 1;
      }
      await setTimeout(AGAIN_MS);
    }
  }

  async #during<T>(what: string, task: () => Promise<T>): Promise<T> {
    const { underWay } = this.#tally;
    underWay.set(what, (underWay.get(what) ?? 0) + 1);
    try {
      return await task();
    } finally {
      underWay.set(what, (underWay.get(what) ?? 0) - 1);
    }
  }
}

function uploadLinkIn(card: Reply): string {
  const found = /https?:\/\/[^"\\ ]+\/evidence\/[^"\\ ]+/u.exec(wholeOf(card) ?? '')?.[0];
  if (found === undefined) throw new Error('The card has no link to the upload page.');
  return found;
}
