import { setTimeout } from 'node:timers/promises';
import { targetKey } from '../../src/schools/delivery.js';
import type { ConnectorCall } from '../fakes/connector.js';
import type { Tally } from '../support/busy-staff.js';
import type { Chance } from '../support/chance.js';
import { REFERENCE } from '../support/staff.js';
import type { StorageCall } from '../support/watched-storage.js';
import type { Desk, WholeDesk } from '../support/whole-desk.js';
import { cardKey } from './oracle.js';

/**
 * When a process is killed: whenever the clock says so, or as soon as one of these happens, of which what was on its way then arrives
 * or is lost.
 */
export const MOMENTS = [
  ...['clock', 'clock', 'clock', 'clock', 'clock', 'clock'],
  ...['case', 'queue message', 'claim', 'evidence', 'draft', 'before Teams'],
] as const;
type Moment = (typeof MOMENTS)[number];

/** Between two kills, on average: answers that staff got. A machine that is slow kills no more often than one that is fast. */
const MEAN_ANSWERS = 60;
/** Then at any moment of the next answer. */
const SPREAD_MS = 60;
/** What does not happen for so long is not waited for. */
const LONGEST_MS = 8_000;

/** What a request to storage is about. */
function phaseOf({ service, method, path, body }: StorageCall): string | undefined {
  if (method === 'GET' || method === 'HEAD') return undefined;
  if (service === 'Queue') return path.includes('/messages') && method === 'POST' ? 'queue message' : undefined;
  if (service === 'Blob') return 'evidence';
  if (path.includes('$batch')) return /\/Cases[(\s]/u.test(body) ? 'case' : 'draft';
  return /Cases\(.*delivery~/u.test(path) ? 'claim' : undefined;
}

/** Kills processes, and counts what each kill came in the middle of. */
export class Killing {
  /** How many kills came in the middle of what; one may come in the middle of several things. */
  readonly hit = new Map<string, number>();
  /** Messages that Teams has taken, of which the process that was killed could not note it: the next one has to send them again. */
  readonly inDoubt = new Map<string, number>();
  kills = 0;
  readonly #desk: WholeDesk;
  readonly #tally: Tally;
  readonly #chance: Chance;
  /** Cases that are committed, and whose queue message is not there yet. */
  readonly #unqueued = new Set<string>();
  #armed: { readonly moment: Moment; readonly fire: () => Promise<void> } | undefined;

  constructor(desk: WholeDesk, tally: Tally, chance: Chance) {
    this.#desk = desk;
    this.#tally = tally;
    this.#chance = chance;
    desk.storage.onCall = (call, moment) => this.#onStorage(call, moment);
    desk.connector.onCall = (call, moment) => this.#onTeams(call, moment);
  }

  /** Kills the process once, at a moment by chance, starts another, and resolves when that listens. */
  async once(desk: Desk, isOver: () => boolean): Promise<void> {
    const moment = this.#chance.oneOf(MOMENTS);
    const from = this.#tally.answers + this.#chance.wait(MEAN_ANSWERS);
    while (this.#tally.answers < from && !isOver()) await setTimeout(5);
    await setTimeout(this.#chance.below(SPREAD_MS));
    const fire = async () => {
      this.#armed = undefined;
      this.countPhases();
      desk.process.child.kill('SIGKILL');
      await desk.process.ended;
    };
    if (moment !== 'clock') {
      await Promise.race([
        new Promise<void>((resolve) => {
          this.#armed = { moment, fire: () => fire().then(resolve) };
        }),
        setTimeout(LONGEST_MS),
      ]);
    }
    if (desk.process.child.signalCode === null) await fire();
    await this.#desk.kill(desk);
    await this.lookForDoubt();
    await this.#desk.restart(desk);
  }

  /** The last time; the process that comes then finds what was claimed free at once. */
  async andNoMore(desk: Desk): Promise<void> {
    await this.#desk.kill(desk);
    await this.lookForDoubt();
    await this.#desk.letClaimsRunOut();
    await this.#desk.restart(desk);
  }

  countPhases(): void {
    this.kills += 1;
    const phases = new Set<string>();
    for (const [what, count] of this.#tally.underWay) if (count > 0) phases.add(`staff: ${what}`);
    for (const call of this.#desk.storage.inHand) {
      const phase = phaseOf(call);
      if (phase !== undefined) phases.add(`storage: ${phase}`);
    }
    if (this.#desk.connector.inHand > 0) phases.add('Teams: message');
    if (this.#unqueued.size > 0) phases.add('committed, not yet queued');
    if (phases.size === 0) phases.add('nothing');
    for (const phase of phases) count(this.hit, phase);
    this.#unqueued.clear();
  }

  async #onStorage(call: StorageCall, when: 'come' | 'done'): Promise<'lost' | undefined> {
    const phase = phaseOf(call);
    const reference = REFERENCE.exec(call.body)?.[0] ?? '';
    if (phase === 'case' && when === 'done' && /"RowKey":"case"/u.test(call.body)) this.#unqueued.add(reference);
    if (phase === 'queue message' && when === 'done') this.#unqueued.delete(reference);
    if (phase === undefined || phase !== this.#armed?.moment) return undefined;
    return this.#fire(when);
  }

  async #onTeams({ path }: ConnectorCall, when: 'come' | 'taken'): Promise<'lost' | undefined> {
    if (this.#armed?.moment !== 'before Teams' || when !== 'come' || !path.endsWith('/conversations')) return undefined;
    return this.#fire('come');
  }

  /** Half of the time at once, else a little later, when something else may be under way. */
  async #fire(when: 'come' | 'done'): Promise<'lost' | undefined> {
    // It may be carried out before the process dies or not.
    if (when === 'come' && this.#chance.happens(0.5) && this.#armed?.moment !== 'queue message') return undefined;
    const fire = this.#armed?.fire;
    this.#armed = undefined;
    if (this.#chance.happens(0.5)) await setTimeout(this.#chance.below(8));
    await fire?.();
    return when === 'come' ? 'lost' : undefined;
  }

  /** While no process runs: what Teams has, and the store says is owed. */
  async lookForDoubt(): Promise<void> {
    for (const { stored } of await this.#desk.owed()) {
      const { kind, refs, target } = stored.delivery;
      if (kind !== 'case.new' || refs.reference === undefined) continue;
      const key = cardKey(refs.reference, targetKey(target));
      const posted = this.#desk.cardsOf(refs.reference, target).length;
      if (posted > (this.inDoubt.get(key) ?? 0)) count(this.inDoubt, key);
    }
  }
}

const count = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};
