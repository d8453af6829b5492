import { type Log, type LogLine, traceOf } from '../log.js';
import type { ChannelHealth, ChannelHealthStore, LossCause } from '../schools/channel-health.js';
import {
  type Delivery,
  type DeliveryNotice,
  type NewDelivery,
  type Outbox,
  type OutboxPlace,
  targetKey,
} from '../schools/delivery.js';
import { CLAIM_MS, type Outcome } from '../schools/delivery-schedule.js';
import type { Directory } from '../schools/directory.js';
import { setsUp } from '../schools/people.js';
import type { School } from '../schools/school.js';
import type { DeliveryWatch } from './delivery-run.js';
import type { Places } from './places.js';

/** The bot is not there any more, or may not write: Teams says so with these. */
const SHUT_OUT: readonly number[] = [403, 404];
/** Often enough to say when a delivery last worked. */
const NOTE_SENT_EVERY_MS = 60_000;
const MOST_TRIES = 10;

export interface ChannelWatchParts {
  readonly schools: readonly School[];
  readonly directory: Pick<Directory, 'noteSent'>;
  readonly places: Places;
  readonly health: ChannelHealthStore;
  readonly outbox: Outbox;
  readonly committed: DeliveryNotice['committed'];
  readonly log: Log;
  readonly now: () => Date;
}

/**
 * Notices when the Headteacher's channel can no longer be written to, and when it can be again. Those who answer for it are told
 * once for each loss, whatever waits: the note and what is owed to them are one commit. What waits for the channel goes on
 * waiting as it would have; once the channel is back, it is sent at once.
 */
export class ChannelWatch implements DeliveryWatch {
  readonly #parts: ChannelWatchParts;
  readonly #noted = new Map<string, number>();

  constructor(parts: ChannelWatchParts) {
    this.#parts = parts;
  }

  async settled(
    place: OutboxPlace,
    delivery: Delivery,
    outcome: Outcome,
    { began, anew }: { readonly began: Date; readonly anew: boolean },
  ): Promise<void> {
    const { schoolId, target } = delivery;
    const school = this.#parts.schools.find(({ profile }) => profile.id === schoolId);
    if (target.to === 'person' || !school) return;
    try {
      if (outcome.kind === 'sent') await this.#noteSent(schoolId, targetKey(target));
      if (target.to !== 'headteacher_channel') return;
      if (outcome.kind === 'sent') {
        if (await this.#change(school, (before) => foundBySending(before, began))) this.#wakeLater(school);
      }
      // Only what would have stood by itself says something of the channel; else the message above may be gone.
      else if (outcome.kind === 'refused' && anew && SHUT_OUT.includes(outcome.status))
        await this.#refused(school, place, began);
    } catch (error) {
      this.#failed(schoolId, error);
    }
  }

  /** The bot is gone from the channel, as Teams has told. Never rejects. */
  lost(school: School, cause: LossCause): Promise<void> {
    return this.#quietly(school, async () => {
      await this.#change(school, lostFor(cause));
    });
  }

  /** The bot is in the channel again, or another channel takes its part: what waits is sent. Never rejects. */
  back(school: School): Promise<void> {
    return this.#quietly(school, async () => {
      await this.#change(school, () => 'works');
      this.#wakeLater(school);
    });
  }

  /** @param began an attempt from before the channel was back says nothing of how it is now. */
  async #refused(school: School, place: OutboxPlace, began: Date): Promise<void> {
    const before = await this.#parts.health.find(school.profile.id);
    if (before?.health.state === 'works' && before.health.since > began) await this.#wake(school, place);
    else await this.#change(school, lostFor('refused'));
  }

  /** @param next what it is to become; `undefined` for as it is. */
  async #change(
    school: School,
    next: (before: ChannelHealth | undefined) => 'works' | LossCause | undefined,
  ): Promise<boolean> {
    const { health, places, now, log, committed } = this.#parts;
    const { id: schoolId } = school.profile;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const [stored, { id: channelId }] = await Promise.all([
        health.find(schoolId),
        places.headteacherChannelOf(school),
      ]);
      const before = stored?.health;
      const becomes = next(before?.state === 'lost' || before?.channelId === channelId ? before : undefined);
      if (becomes === undefined) return false;
      const since = now();
      const after: ChannelHealth =
        becomes === 'works'
          ? { channelId, since, state: 'works' }
          : { channelId, since, state: 'lost', cause: becomes };
      const news = newsIn(before, after);
      const place = await health.save(schoolId, stored, after, news ? tell(school, news, after, before) : []);
      if (!place) continue;
      if (news) log.warn({ event: news, schoolId, ...(becomes !== 'works' && { outcome: becomes }) });
      if (news) await committed(place);
      return true;
    }
    throw new Error('What is known of a channel is being changed too often.');
  }

  /**
   * Has what waits for the channel sent now. A worker that has just claimed one keeps it: what that attempt comes to wakes it
   * again. Refusals from before do not count any more.
   */
  async #wake({ profile: { id: schoolId } }: School, only?: OutboxPlace): Promise<void> {
    const { outbox, now, committed } = this.#parts;
    const claimedUntil = now().getTime() + CLAIM_MS;
    for await (const { place, stored } of outbox.waiting(schoolId)) {
      const { delivery, version } = stored;
      if (delivery.target.to !== 'headteacher_channel' || (only && only.partition !== place.partition)) continue;
      if (delivery.progress.state !== 'owed' || delivery.progress.due.getTime() <= claimedUntil) continue;
      const due = { ...delivery, refusals: 0, progress: { state: 'owed', due: now() } } as const;
      if (await outbox.save(place, due, version)) await committed(place);
    }
  }

  /** It looks through all that the school is owed, which nobody should have to wait for. */
  #wakeLater(school: School): void {
    void this.#quietly(school, () => this.#wake(school));
  }

  async #noteSent(schoolId: string, key: string): Promise<void> {
    const at = this.#parts.now();
    const name = `${schoolId}/${key}`;
    if (at.getTime() - (this.#noted.get(name) ?? 0) < NOTE_SENT_EVERY_MS) return;
    this.#noted.set(name, at.getTime());
    await this.#parts.directory.noteSent(schoolId, key, at);
  }

  async #quietly({ profile: { id } }: School, task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.#failed(id, error);
    }
  }

  #failed(schoolId: string, error: unknown): void {
    this.#parts.log.warn({ event: 'setup.not_noted', schoolId, ...traceOf(error) });
  }
}

const lostFor = (cause: LossCause) => (before: ChannelHealth | undefined) =>
  before?.state === 'lost' ? undefined : cause;

/** A message that was on its way while the bot was being removed does not bring it back. */
const foundBySending = (before: ChannelHealth | undefined, began: Date) =>
  before?.state === 'lost' && before.since < began ? 'works' : undefined;

function newsIn(before: ChannelHealth | undefined, after: ChannelHealth) {
  if (after.state === 'lost') return before?.state === 'lost' ? undefined : 'setup.channel_lost';
  return before?.state === 'lost' ? 'setup.channel_found' : undefined;
}

/** To everyone who can mend it, in their own chats. */
function tell(
  { profile }: School,
  kind: Extract<LogLine['event'], 'setup.channel_lost' | 'setup.channel_found'>,
  { since }: ChannelHealth,
  before: ChannelHealth | undefined,
): readonly NewDelivery[] {
  const refs = { since: since.toISOString(), ...(before?.state === 'lost' && { lost: before.since.toISOString() }) };
  return setsUp(profile).map(({ id: personId }) => ({
    ...{ kind, refs },
    target: { to: 'person', personId },
    placement: { at: 'new' },
  }));
}
