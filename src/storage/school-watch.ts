import { AppError, type ErrorCode } from '../errors.js';
import { type Log, type LogLine, traceOf } from '../log.js';
import type { Policy } from '../policies/policy.js';
import { type SchoolProfile, SHARED } from '../schools/profile.js';
import type { School, WaitingSchool } from '../schools/school.js';
import { readAtStart } from './first-reading.js';
import { RecurringLook } from './recurring-look.js';
import { factsOf, fingerprintOf } from './school-fingerprint.js';
import { listSchools, readProfile, readSchool, readTrustPolicies, refuseDouble } from './school-folder.js';

/** Between two looks at the folders. A change is taken over at the second look that finds it the same. */
const LOOK_EVERY_MS = 3_000;
/** A school that could not be read is tried again after this many looks, in case the share was at fault and not the file. */
const LOOKS_UNTIL_RETRY = 20;
/** A folder gone for this many looks is taken for removed rather than for being replaced. */
const LOOKS_UNTIL_REMOVED = 20;

/** A school whose folder, as it is now, cannot be used; where it was read before, it is still answered as it was then. */
export interface SchoolFault {
  readonly schoolId: string;
  readonly code: ErrorCode | 'unexpected';
  readonly since: Date;
  /** `undefined` where `school.yaml` is what cannot be read. */
  readonly profile: SchoolProfile | undefined;
}

/** What is known of one school's folder. */
interface Watched {
  /** As the files were when they were last read, with or without success. */
  read: string;
  /** As they were at the last look. */
  seen: string;
  /** Looks since the last attempt, while it failed. */
  looksSinceFault: number;
  /** Looks since the folder was last there. */
  looksMissed: number;
  fault: SchoolFault | undefined;
}

const unread = (files: string): Watched => ({
  read: files,
  seen: files,
  looksSinceFault: 0,
  looksMissed: 0,
  fault: undefined,
});

/**
 * The schools below a folder, kept as the folder is. Folders are looked at again and again, because shares in a cloud do not
 * tell of changes. What changed is read once it has stopped changing; a school that cannot be read stays as it was when it
 * last could, and so does one whose files are gone. New folders are new schools; one that is removed goes after a minute,
 * unless it was the last: an empty folder is more likely a share that is not there. The trust's policies, in the folder `shared`,
 * are part of every school.
 */
export class SchoolWatch {
  /** For good the same list, whose entries are replaced between turns: a turn that has begun keeps the school it began with. */
  readonly schools: readonly School[];
  readonly #schools: School[];
  readonly #watched: Map<string, Watched>;
  readonly #folder: string;
  readonly #log: Log;
  readonly #now: () => Date;
  /** The trust's policies, as its files were; read once for all schools. */
  #trusts: { readonly files: string; readonly policies: Promise<readonly Policy[]> } | undefined;
  /** Looks so far, and at which of them the trust's policies were gone. */
  #looks = 0;
  #goneSince: number | undefined;
  #listed = true;
  readonly #looking = new RecurringLook(() => this.look());

  private constructor(folder: string, schools: School[], watched: Map<string, Watched>, log: Log, now: () => Date) {
    this.schools = schools;
    this.#schools = schools;
    this.#watched = watched;
    this.#folder = folder;
    this.#log = log;
    this.#now = now;
  }

  /**
   * Reads all schools for the first time. Nothing is looked at again until {@link start} or {@link look}.
   *
   * @throws {AppError} as {@link readAtStart} does, and when there is no school.
   */
  static async open(folder: string, log: Log, now: () => Date): Promise<SchoolWatch> {
    const ids = await listSchools(folder);
    if (ids.length === 0) throw new AppError('school_unreadable', `There is no school in "${folder}".`);
    const watched = new Map<string, Watched>();
    for (const id of ids) watched.set(id, unread(await fingerprintOf(folder, id)));
    const trustFiles = JSON.stringify(await factsOf(folder, SHARED));
    const trusts = await readTrustPolicies(folder);
    const { schools, faults } = await readAtStart(folder, ids, trusts);
    for (const [id, { code }] of faults) {
      const { read } = watched.get(id) ?? unread('');
      const profile = await profileOf(folder, id);
      watched.set(id, { ...unread(read), fault: { schoolId: id, code, since: now(), profile } });
      log.warn({ event: 'school.not_read', schoolId: id, code });
    }
    const watch = new SchoolWatch(folder, [...schools], watched, log, now);
    watch.#trusts = { files: trustFiles, policies: Promise.resolve(trusts) };
    return watch;
  }

  /** Schools that cannot be read at present, by id. */
  faults(): SchoolFault[] {
    return [...this.#watched.values()].flatMap(({ fault }) => fault ?? []);
  }

  /** Schools that could not be read even once: nobody is answered for them, and their people are nobody else's. */
  waiting(): WaitingSchool[] {
    const waits = (id: string) => this.#schools.every(({ profile }) => profile.id !== id);
    return this.faults().flatMap(({ schoolId: id, profile }) => (waits(id) ? { id, profile } : []));
  }

  /** Looks at the folders every few seconds from now on; keeps no process alive. */
  start(everyMs = LOOK_EVERY_MS): void {
    this.#looking.start(everyMs);
  }

  /** Ends looking; resolves when a look under way is over. */
  stop(): Promise<void> {
    return this.#looking.stop();
  }

  /** One look at all folders. Never rejects: what goes wrong is logged, without names of files, and once. */
  async look(): Promise<void> {
    this.#looks += 1;
    try {
      const ids = await listSchools(this.#folder);
      if (ids.length === 0) throw new AppError('school_unreadable', 'There is no school any more.');
      this.#listed = true;
      for (const id of ids) await this.#lookAt(id);
      for (const id of this.#watched.keys()) if (!ids.includes(id)) this.#miss(id);
    } catch (error) {
      if (this.#listed) this.#log.warn({ event: 'schools.not_listed', ...causeOf(error) });
      this.#listed = false;
    }
  }

  async #lookAt(id: string): Promise<void> {
    const files = await fingerprintOf(this.#folder, id);
    const watched = this.#watched.get(id) ?? unread('');
    this.#watched.set(id, watched);
    const isStable = files === watched.seen;
    watched.seen = files;
    watched.looksMissed = 0;
    watched.looksSinceFault += watched.fault ? 1 : 0;
    if (isStable && (files !== watched.read || watched.looksSinceFault >= LOOKS_UNTIL_RETRY))
      await this.#read(id, watched);
  }

  async #read(id: string, watched: Watched): Promise<void> {
    const { seen, fault: before } = watched;
    const outcome = await this.#attempt(id);
    const profile = 'cause' in outcome ? await profileOf(this.#folder, id) : undefined;
    const after = await fingerprintOf(this.#folder, id);
    if (after !== seen) {
      // Changed while it was read: what was read may be neither the old nor the new.
      watched.seen = after;
      return;
    }
    const isNews = seen !== watched.read;
    watched.read = seen;
    watched.looksSinceFault = 0;
    if ('school' in outcome) {
      watched.fault = undefined;
      this.#replace(id, outcome.school);
      this.#log.info({ event: 'school.read', schoolId: id, count: outcome.school.policies.length });
      return;
    }
    const { code = 'unexpected' } = outcome.cause;
    watched.fault = { schoolId: id, code, since: before?.since ?? this.#now(), profile };
    if (isNews || before?.code !== code) this.#log.warn({ event: 'school.not_read', schoolId: id, ...outcome.cause });
  }

  async #attempt(id: string): Promise<{ school: School } | { cause: Cause }> {
    try {
      const school = await readSchool(this.#folder, id, await this.#trustPolicies());
      refuseDouble(school, this.#schools);
      return { school };
    } catch (error) {
      return { cause: causeOf(error) };
    }
  }

  async #trustPolicies(): Promise<readonly Policy[]> {
    const facts = await factsOf(this.#folder, SHARED);
    const isGone = facts.length === 1 && this.#trusts !== undefined && (await this.#trusts.policies).length > 0;
    this.#goneSince = isGone ? (this.#goneSince ?? this.#looks) : undefined;
    if (this.#goneSince !== undefined && this.#looks - this.#goneSince < LOOKS_UNTIL_REMOVED)
      throw new AppError('school_unreadable', 'The policies of the trust are gone.');
    const files = JSON.stringify(facts);
    if (this.#trusts?.files !== files) this.#trusts = { files, policies: readTrustPolicies(this.#folder) };
    const { policies } = this.#trusts;
    try {
      return await policies;
    } catch (error) {
      // In case the share was at fault and not the file.
      this.#trusts = undefined;
      throw error;
    }
  }

  #miss(id: string): void {
    const watched = this.#watched.get(id);
    if (!watched) return;
    watched.seen = '';
    watched.looksMissed += 1;
    if (watched.looksMissed < LOOKS_UNTIL_REMOVED) return;
    this.#watched.delete(id);
    this.#replace(id, undefined);
    this.#log.info({ event: 'school.removed', schoolId: id });
  }

  /** In one step, so that no turn sees half of it. */
  #replace(id: string, school: School | undefined): void {
    const others = this.#schools.filter(({ profile }) => profile.id !== id);
    const byId = (one: School, other: School) => (one.profile.id < other.profile.id ? -1 : 1);
    this.#schools.splice(0, this.#schools.length, ...[...others, ...(school ? [school] : [])].toSorted(byId));
  }
}

type Cause = Pick<LogLine, 'code' | 'error' | 'at'>;

const causeOf = (error: unknown): Cause => (error instanceof AppError ? { code: error.code } : traceOf(error));

const profileOf = (folder: string, id: string): Promise<SchoolProfile | undefined> =>
  readProfile(folder, id).catch(() => undefined);
