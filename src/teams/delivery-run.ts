import { type Log, type LogLine, traceOf } from '../log.js';
import {
  type Delivery,
  type Outbox,
  type OutboxPlace,
  type SentMessage,
  type StoredDelivery,
  schoolIdOf,
  targetKey,
} from '../schools/delivery.js';
import { claimed, nextUp, type Outcome, settled } from '../schools/delivery-schedule.js';
import { type Courier, standsByItself } from './courier.js';
import { Pace } from './pace.js';
import { allOf, pause, timeUp } from './waiting.js';

/** For the channel's answer. With all that comes before and the noting after it, it must fit into the claim. */
const SEND_DEADLINE_MS = 10_000;
/** For finding out what to say and where, from the claim on. */
const PREPARE_DEADLINE_MS = 5_000;
/** How long a worker waits for a conversation's pace before it claims a delivery; what would take longer is put back. */
const LONGEST_WAIT_MS = 2_000;
/** The same once it is claimed. */
const LONGEST_WAIT_IN_HAND_MS = 8_000;
/** Between tries to note what came of a send, while the claim lasts. */
const NOTE_RETRIES_MS = [200, 1_000, 3_000];

export interface RunParts {
  readonly outbox: Outbox;
  readonly courier: Courier;
  readonly log: Log;
  readonly now: () => Date;
  /** 0 to 1, for the jitter between attempts. */
  readonly random: () => number;
  /**
   * Sees to it that what can be brought to nobody there goes elsewhere. It is called before the delivery is noted as given up,
   * and again when it rejects, so what it does must be harmless to do twice.
   */
  readonly givenUp?: (place: OutboxPlace, delivery: Delivery) => Promise<void>;
  readonly watch?: DeliveryWatch;
}

/** Told of what became of each attempt, after it was noted. Never rejects. */
export interface DeliveryWatch {
  /** @param attempt when it began, and whether the message would have stood by itself in its conversation. */
  settled(
    place: OutboxPlace,
    delivery: Delivery,
    outcome: Outcome,
    attempt: { readonly began: Date; readonly anew: boolean },
  ): Promise<void>;
}

type ClaimedDelivery = { readonly delivery: Delivery; readonly version: string };

/** Works through the deliveries of a partition. */
export class DeliveryRun {
  readonly #parts: RunParts;
  readonly #stopping: AbortSignal;
  readonly #pace = new Pace();
  /** What came of sends that could not be noted while storage was down: noted next time instead of sent again. */
  readonly #unnoted = new Map<string, Outcome>();

  constructor(parts: RunParts, stopping: AbortSignal) {
    this.#parts = parts;
    this.#stopping = stopping;
  }

  /**
   * Sends whatever of a partition is due, in order for each conversation.
   *
   * @returns when to come back; `undefined` when nothing more is owed.
   */
  async through(place: OutboxPlace): Promise<Date | undefined> {
    const { outbox, courier, log, now } = this.#parts;
    if (!courier.knows(schoolIdOf(place))) {
      log.warn({ event: 'delivery.no_school', count: 1 });
      return undefined;
    }
    this.#pace.forget(now().getTime());
    for (;;) {
      const stored = await outbox.read(place);
      const { ready, nextDue } = nextUp(stored, now());
      if (ready.length === 0) return nextDue;
      if (this.#stopping.aborted) return now();
      const waits = await allOf(ready.map((one) => this.#attempt(place, one, stored)));
      const times = waits.flatMap((until) => until ?? []);
      if (times.length === waits.length) return new Date(Math.min(...times, nextDue?.getTime() ?? Number.MAX_VALUE));
    }
  }

  /** Tries one delivery. @returns the time to come back when it is not its turn yet; else it was tried, or another has it. */
  async #attempt(
    place: OutboxPlace,
    { delivery, version }: StoredDelivery,
    all: readonly StoredDelivery[],
  ): Promise<number | undefined> {
    const { outbox, now } = this.#parts;
    const conversation = `${delivery.schoolId}/${targetKey(delivery.target)}`;
    const turn = this.#pace.next(conversation, now().getTime());
    if (turn > now().getTime() + LONGEST_WAIT_MS) return turn;
    await pause(turn - now().getTime(), this.#stopping);
    if (this.#stopping.aborted) return turn;
    const claim = claimed(delivery, now());
    const held = await outbox.save(place, claim, version);
    if (held === undefined) return undefined;
    const { progress } = delivery;
    // Whoever claimed it before has not noted what came of it: better twice than never.
    if (progress.state === 'owed' && progress.claimed)
      this.#parts.log.warn({ event: 'delivery.in_doubt', ...lineOf(place, claim) });
    const earlier = earlierOf(delivery, all);
    const began = now();
    const outcome = await this.#send(place, claim, earlier, () => this.#takeTurn(conversation));
    if (outcome.kind === 'busy' && outcome.retryAfterMs !== undefined)
      this.#pace.hold(conversation, now().getTime() + outcome.retryAfterMs);
    await this.#note(place, { delivery: claim, version: held }, outcome);
    await this.#parts.watch?.settled(place, claim, outcome, { began, anew: standsByItself(claim, earlier) });
    return undefined;
  }

  /**
   * Waits for a conversation's next turn. It is taken at the last moment, as what comes between would let messages bunch up. Others
   * may have taken the turns before: what would wait too long goes back, as if the channel had asked for it.
   *
   * @returns why it is not to be sent now.
   */
  async #takeTurn(conversation: string): Promise<Outcome | undefined> {
    const now = () => this.#parts.now().getTime();
    const wait = this.#pace.take(conversation, now()) - now();
    if (wait > LONGEST_WAIT_IN_HAND_MS) return { kind: 'busy', retryAfterMs: wait };
    await pause(wait, this.#stopping);
    if (wait > 0 && this.#stopping.aborted) return { kind: 'busy', retryAfterMs: wait };
    // What went out meanwhile may have been answered with a wait for all that follows.
    const held = this.#pace.heldFor(conversation, now());
    return held > 0 ? { kind: 'busy', retryAfterMs: held } : undefined;
  }

  /** Everything that can fail on the way counts as the channel being busy: it is tried again, and the log says why. */
  async #send(
    place: OutboxPlace,
    delivery: Delivery,
    earlier: SentMessage | null,
    takeTurn: () => Promise<Outcome | undefined>,
  ): Promise<Outcome> {
    const known = this.#unnoted.get(keyOf(place, delivery));
    if (known) return known;
    const limit = new AbortController();
    const abortIn = (ms: number) => setTimeout(() => limit.abort(), ms);
    let timer = abortIn(PREPARE_DEADLINE_MS);
    const inTurn = async () => {
      clearTimeout(timer);
      const notNow = await takeTurn();
      timer = abortIn(SEND_DEADLINE_MS);
      return notNow;
    };
    try {
      const sending = this.#parts.courier.send(delivery, earlier, inTurn, limit.signal);
      return await Promise.race([sending, timeUp(limit.signal)]);
    } catch (error) {
      this.#parts.log.warn({ event: 'delivery.failed', ...lineOf(place, delivery), ...traceOf(error) });
      return { kind: 'busy' };
    } finally {
      clearTimeout(timer);
    }
  }

  async #note(place: OutboxPlace, { delivery, version }: ClaimedDelivery, outcome: Outcome): Promise<void> {
    const { outbox, log, now, random } = this.#parts;
    const after = settled(delivery, outcome, now(), random());
    const key = keyOf(place, delivery);
    // Known before it is noted, as the claim may run out meanwhile: whoever claims it then in this process must not send it again.
    if (outcome.kind === 'sent') this.#unnoted.set(key, outcome);
    for (const wait of [...NOTE_RETRIES_MS, undefined]) {
      try {
        if (after.progress.state === 'given_up' && after.progress.reason !== 'obsolete')
          await this.#parts.givenUp?.(place, after);
        const saved = await outbox.save(place, after, version);
        this.#unnoted.delete(key);
        if (saved === undefined) log.warn({ event: 'delivery.claim_lost', ...lineOf(place, delivery) });
        else this.#report(place, after, outcome);
        return;
      } catch (error) {
        if (wait === undefined || this.#stopping.aborted) {
          log.error({ event: 'delivery.not_noted', ...lineOf(place, delivery), ...traceOf(error) });
          return;
        }
        await pause(wait, this.#stopping);
      }
    }
  }

  #report(place: OutboxPlace, delivery: Delivery, outcome: Outcome): void {
    const { log } = this.#parts;
    const status = 'status' in outcome && outcome.status !== undefined && { status: outcome.status };
    const line = { ...lineOf(place, delivery), ...status };
    const { progress } = delivery;
    if (progress.state === 'sent') log.info({ event: 'delivery.sent', ...line });
    else if (progress.state === 'owed') log.warn({ event: 'delivery.retry', ...line });
    else if (progress.reason === 'obsolete')
      log.info({ event: 'delivery.given_up', outcome: progress.reason, ...line });
    else log.error({ event: 'delivery.given_up', outcome: progress.reason, ...line });
  }
}

const keyOf = ({ table, partition }: OutboxPlace, { order }: Delivery): string => `${table}/${partition}/${order}`;

/**
 * The message that a delivery is to replace or to answer: where the delivery that it names stands now. One that came in its place
 * stands somewhere else when that message was gone.
 */
function earlierOf({ placement, target, order }: Delivery, all: readonly StoredDelivery[]): SentMessage | null {
  if (placement.at === 'new') return null;
  const found = all.findLast(
    ({ delivery: { placement: its, progress, ...one } }) =>
      progress.state === 'sent' &&
      one.order < order &&
      (one.order === placement.order ||
        (its.at === 'in_place_of' && its.order === placement.order && targetKey(one.target) === targetKey(target))),
  )?.delivery.progress;
  return found?.state === 'sent' ? found.message : null;
}

/** What a case or a question is named by; drafts lie under a person's id. */
const REFERENCE = /^[A-Z]{1,2}-[0-9A-Z]{8}$/u;

/** What may be logged of a delivery: which it is, and never to whom or what. */
function lineOf(
  { table, partition }: OutboxPlace,
  { schoolId, order, attempts }: Delivery,
): Pick<LogLine, 'schoolId' | 'reference' | 'count'> {
  const name = partition.slice(schoolId.length + 1);
  return { schoolId, reference: `${REFERENCE.test(name) ? name : table}/${order}`, count: attempts };
}
