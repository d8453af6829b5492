import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerClient } from '@azure/storage-blob';
import { AppError } from '../errors.js';
import { type Log, type LogLine, traceOf } from '../log.js';
import { SHARED } from '../schools/profile.js';
import type { LazyContainer } from './blobs.js';
import { fetchBlob, filesBelow, isSame, MADE_READY, swap, tidy } from './mirrored-folder.js';
import { RecurringLook } from './recurring-look.js';
import { type Listing, listSchoolBlobs, type SchoolBlob } from './school-blobs.js';
import { listSchools } from './school-folder.js';

const EVERY_MS = 60_000;
/** Whoever uploads a school's files one after the other leaves less time between them. */
const SETTLED_MS = 10_000;
/** How long a start waits for schools; whoever supervises the process starts it again. */
const FIRST_WITHIN_MS = 50_000;
const FIRST_EVERY_MS = 5_000;
/** What may be otherwise at the next look. */
const FAILED = 'failed';

const UNREACHABLE =
  'The schools cannot be fetched from the container that SCHOOLS_CONTAINER names: storage does not answer, or refuses.';
const NO_SCHOOL =
  'There is no school in the container that SCHOOLS_CONTAINER names. Upload at least one: <id>/school.yaml and <id>/policies/.';
const NONE_TAKEN =
  'No school of the container that SCHOOLS_CONTAINER names can be used. The lines school.not_mirrored in the log say why.';

export interface MirrorParts {
  readonly container: LazyContainer;
  /** The folder that is to be as the container is. */
  readonly folder: string;
  readonly log: Log;
  /** Left out: as said above; in milliseconds. */
  readonly times?: { readonly firstWithin: number; readonly firstEvery: number };
}

/**
 * Keeps a folder of schools as a container of blobs is: `<id>/school.yaml`, `<id>/policies/<file>`, `shared/policies/<file>`. One
 * school is replaced as a whole, once its blobs have stopped changing, so that nothing ever reads half of a change; what has not
 * changed is not fetched again. While storage is away, and where a container is suddenly empty, all stays as it is.
 */
export class SchoolMirror {
  readonly #parts: MirrorParts;
  /** As each school's folder was filled last: its blobs with their ETags. */
  readonly #applied = new Map<string, string>();
  /** As the container was at the last look. */
  readonly #seen = new Map<string, string>();
  /** What was wrong with schools whose blobs cannot be taken. */
  readonly #faults = new Map<string, string>();
  #reached = true;
  #ignored = 0;
  #empty = false;
  readonly #looking = new RecurringLook(() => this.look());

  constructor(parts: MirrorParts) {
    this.#parts = parts;
  }

  /**
   * Fills the folder for the first time. With schools in it from before, and storage away, one attempt is enough. A school that
   * could not be fetched has an empty folder then: whoever reads the folder has to know of it, as its people might be taken for
   * another school's.
   *
   * @throws {AppError} `storage_unreachable` or `school_unreadable` when there is still no school after a while.
   */
  async first(): Promise<void> {
    const { folder, times } = this.#parts;
    const until = Date.now() + (times?.firstWithin ?? FIRST_WITHIN_MS);
    await mkdir(folder, { recursive: true });
    await tidy(folder);
    const hadSchools = await this.#hasSchools();
    do {
      await this.look();
      if (((hadSchools && !this.#reached) || this.#isComplete()) && (await this.#hasSchools())) break;
      await sleep(times?.firstEvery ?? FIRST_EVERY_MS);
    } while (Date.now() < until);
    if (await this.#hasSchools()) {
      for (const id of this.#seen.keys()) if (id !== SHARED) await mkdir(join(folder, id), { recursive: true });
      return;
    }
    if (!this.#reached) throw new AppError('storage_unreachable', UNREACHABLE);
    throw new AppError('school_unreadable', this.#faults.size > 0 ? NONE_TAKEN : NO_SCHOOL);
  }

  async #hasSchools(): Promise<boolean> {
    const ids = await listSchools(this.#parts.folder);
    const files = await Promise.all(ids.map((id) => filesBelow(join(this.#parts.folder, id))));
    return files.some((paths) => paths.includes('school.yaml'));
  }

  /** Whether all that can be taken of the container is in the folder. What went wrong by chance is worth another look. */
  #isComplete(): boolean {
    const isOver = (id: string) => this.#applied.has(id) || (this.#faults.get(id) ?? FAILED) !== FAILED;
    return this.#reached && [...this.#seen.keys()].every(isOver);
  }

  /** Looks each minute from now on; keeps no process alive. */
  start(everyMs = EVERY_MS): void {
    this.#looking.start(everyMs);
  }

  /** Ends looking; resolves when a look under way is over. */
  stop(): Promise<void> {
    return this.#looking.stop();
  }

  /** Whether something of the container is not in the folder: storage is away, or a school's files cannot be taken. */
  get isBehind(): boolean {
    return !this.#reached || this.#faults.size > 0;
  }

  /** One look at the container. Never rejects: what goes wrong is logged, once, and tried again at the next. */
  async look(): Promise<void> {
    const { log, container } = this.#parts;
    try {
      await container.use(async (client) => this.#follow(client, await listSchoolBlobs(client)));
      this.#reached = true;
    } catch (error) {
      if (this.#reached) log.warn({ event: 'schools.not_mirrored', ...traceOf(error) });
      this.#reached = false;
    }
  }

  async #follow(client: ContainerClient, listing: Listing): Promise<void> {
    if (listing.ignored > 0 && listing.ignored !== this.#ignored)
      this.#parts.log.warn({ event: 'schools.blobs_ignored', count: listing.ignored });
    this.#ignored = listing.ignored;
    const ids = [...listing.schools.keys()];
    const isEmpty = ids.every((id) => id === SHARED);
    if (isEmpty && !this.#empty) this.#parts.log.warn({ event: 'schools.not_mirrored', outcome: 'empty' });
    this.#empty = isEmpty;
    // A container without any school is more likely the wrong one, or one that is being filled.
    if (isEmpty) return;
    for (const id of ids)
      await this.#followOne(client, id, listing).catch((error: unknown) => this.#fail(id, FAILED, traceOf(error)));
    await this.#remove(ids);
  }

  async #followOne(client: ContainerClient, id: string, listing: Listing): Promise<void> {
    const blobs = listing.schools.get(id) ?? [];
    const seen = JSON.stringify(blobs.map(({ path, etag }) => [path, etag]));
    const isSteady = this.#seen.get(id) === seen;
    this.#seen.set(id, seen);
    if (this.#applied.get(id) === seen) {
      // What was deleted by mistake may have been brought back as it was.
      this.#faults.delete(id);
      return;
    }
    const fault = listing.tooLarge.has(id) ? 'too_large' : isWhole(id, blobs) ? undefined : 'incomplete';
    if (fault !== undefined) {
      if (isSteady || fault === 'too_large') this.#fail(id, fault);
      return;
    }
    if (!isSteady && !(await this.#hasSettled(id, blobs, listing.at))) return;
    const changed = await this.#replace(client, id, blobs);
    this.#applied.set(id, seen);
    this.#faults.delete(id);
    if (changed) this.#parts.log.info({ event: 'school.mirrored', schoolId: id, count: blobs.length });
  }

  /** Whether nothing was changed just now; of what was deleted nobody can tell when, so that is looked at twice. */
  async #hasSettled(id: string, blobs: readonly SchoolBlob[], at: Date): Promise<boolean> {
    const before = await filesBelow(join(this.#parts.folder, id));
    const isDeleted = before.some((path) => !blobs.some((blob) => blob.path === path));
    return !isDeleted && blobs.every(({ changedAt }) => at.getTime() - changedAt.getTime() >= SETTLED_MS);
  }

  #fail(id: string, outcome: string, trace: Pick<LogLine, 'error' | 'at'> = {}): void {
    if (this.#faults.get(id) === outcome) return;
    this.#faults.set(id, outcome);
    this.#parts.log.warn({ event: 'school.not_mirrored', schoolId: id, outcome, ...trace });
  }

  /** @returns whether anything was different. */
  async #replace(client: ContainerClient, id: string, blobs: readonly SchoolBlob[]): Promise<boolean> {
    const place = join(this.#parts.folder, id);
    // One after the other: together they may be more than there is memory.
    const kept: boolean[] = [];
    for (const { path, md5 } of blobs) kept.push(await isSame(join(place, path), md5));
    const before = await filesBelow(place);
    if (kept.every(Boolean) && before.length === blobs.length) return false;
    const ready = join(this.#parts.folder, `${MADE_READY}${randomUUID()}`);
    try {
      for (const [at, blob] of blobs.entries()) {
        const target = join(ready, blob.path);
        await mkdir(dirname(target), { recursive: true });
        if (kept[at]) await copyFile(join(place, blob.path), target);
        else await writeFile(target, await fetchBlob(client, `${id}/${blob.path}`, blob));
      }
      await swap(this.#parts.folder, ready, id);
    } finally {
      await rm(ready, { recursive: true, force: true });
    }
    return true;
  }

  /** What the container no longer has goes, once it was missing twice. */
  async #remove(ids: readonly string[]): Promise<void> {
    const { folder, log } = this.#parts;
    const entries = await readdir(folder, { withFileTypes: true });
    const gone = entries.filter(
      (entry) => entry.isDirectory() && !entry.name.startsWith('.') && !ids.includes(entry.name),
    );
    for (const { name } of gone) {
      if (this.#seen.get(name) === '') {
        await rm(join(folder, name), { recursive: true, force: true });
        this.#seen.delete(name);
        this.#applied.delete(name);
        this.#faults.delete(name);
        log.info({ event: 'school.mirror_removed', schoolId: name });
      } else this.#seen.set(name, '');
    }
  }
}

/** Without its `school.yaml` a school is being uploaded, or was begun to be deleted. */
const isWhole = (id: string, blobs: readonly SchoolBlob[]): boolean =>
  id === SHARED || blobs.some(({ path }) => path === 'school.yaml');
