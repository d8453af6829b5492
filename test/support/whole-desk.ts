import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Case } from '../../src/reports/case.js';
import type { CaseStore, DraftStore, EvidenceFiles } from '../../src/reports/stores.js';
import { faultsInCase } from '../../src/reports/verify.js';
import type { Outbox, OutboxPlace, StoredDelivery, Target } from '../../src/schools/delivery.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { CASE_TABLE, caseRecords, caseTable } from '../../src/storage/case-table.js';
import { DRAFT_TABLE, draftTable } from '../../src/storage/draft-table.js';
import { evidenceBlobs } from '../../src/storage/evidence-blobs.js';
import { JOB_TABLE } from '../../src/storage/job-table.js';
import { tableOutbox } from '../../src/storage/outbox.js';
import { SUMMARY_TABLE } from '../../src/storage/summary-table.js';
import { openTables, type Tables } from '../../src/storage/tables.js';
import { FakeConnector, type Posted } from '../fakes/connector.js';
import { FakeTeamsFiles } from '../fakes/teams-files.js';
import { HEADTEACHER_CHANNEL } from './activities.js';
import { OwnAzurite } from './azurite-process.js';
import { BuiltBot } from './built-bot.js';
import { freePorts } from './ports.js';
import type { Running } from './processes.js';
import { SCHOOLS_DIR } from './sample-school.js';
import { addressOf, edgeOf } from './staff.js';
import { until } from './until.js';
import { LINK_SECRET } from './uploads.js';
import { WatchedStorage } from './watched-storage.js';

export const SCHOOL = 'example-primary';
const DELIVERY_TABLES = [CASE_TABLE, DRAFT_TABLE, JOB_TABLE, SUMMARY_TABLE];
/** Simulated staff press faster than people. */
const LIMITS = /personPerMinute: \d+\n(\s+)schoolPerMinute: \d+/u;

/** One process of the bot, or the one that has taken its place. */
export interface Desk {
  address: string;
  process: Running;
}

/** Policy Desk as it runs: real processes on real storage, with Teams' side of the wire in this process. */
export class WholeDesk {
  readonly cases: CaseStore;
  readonly drafts: DraftStore;
  readonly files: EvidenceFiles;
  readonly outbox: Outbox;
  readonly tables: Tables;
  readonly desks: Desk[] = [];
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    const address = { connectionString: parts.azurite.connection };
    this.#parts = parts;
    this.tables = openTables(address);
    this.cases = caseTable(this.tables);
    this.drafts = draftTable(this.tables);
    this.files = evidenceBlobs(openBlobs(address));
    this.outbox = tableOutbox(this.tables, DELIVERY_TABLES);
  }

  static async open(): Promise<WholeDesk> {
    const [azurite, connector, teamsFiles, schools] = await Promise.all([
      ...([OwnAzurite.start(), FakeConnector.start(), FakeTeamsFiles.start()] as const),
      mkdtemp(join(tmpdir(), 'policy-desk-schools-')),
    ]);
    await cp(SCHOOLS_DIR, schools, { recursive: true });
    const profile = join(schools, SCHOOL, 'school.yaml');
    const text = await readFile(profile, 'utf8');
    await writeFile(profile, text.replace(LIMITS, 'personPerMinute: 100000\n$1schoolPerMinute: 1000000'));
    // Without an identity no token is sent.
    teamsFiles.tokens.add('');
    const [storage, edge] = await Promise.all([
      WatchedStorage.start(azurite.connection),
      edgeOf(connector, teamsFiles),
    ]);
    const built = new BuiltBot(inject('built'));
    return new WholeDesk({ azurite, storage, connector, teamsFiles, edge, built, schools });
  }

  get connector(): FakeConnector {
    return this.#parts.connector;
  }

  get storage(): WatchedStorage {
    return this.#parts.storage;
  }

  get connection(): string {
    return this.#parts.azurite.connection;
  }

  get serviceUrl(): string {
    return `${addressOf(this.#parts.edge)}/connector/`;
  }

  /** A file as Teams names it to a bot: pasted into the chat, or attached. */
  attachment(bytes: Uint8Array, way: 'pasted' | 'attached'): object {
    const { teamsFiles, edge } = this.#parts;
    const url =
      way === 'pasted' ? teamsFiles.picture({ kind: 'serves', bytes }) : teamsFiles.file({ kind: 'serves', bytes });
    const shown = url.replace(teamsFiles.address, addressOf(edge));
    if (way === 'pasted') return { contentType: 'image/*', contentUrl: shown };
    return {
      contentType: 'application/vnd.microsoft.teams.file.download.info',
      ...{ name: 'screenshot.png', content: { downloadUrl: shown, uniqueId: '1', fileType: 'png' } },
    };
  }

  /** Starts so many processes side by side, and waits until they listen. @param time by their clocks. */
  async start(count: number, time: Date = new Date()): Promise<void> {
    this.storage.aheadMs = time.getTime() - Date.now();
    this.desks.push(...(await Promise.all(Array.from({ length: count }, () => this.#open()))));
  }

  /** Another process takes the place of the one that has ended. */
  async restart(desk: Desk): Promise<void> {
    Object.assign(desk, await this.#open());
  }

  async #open(): Promise<Desk> {
    for (;;) {
      const address = `http://127.0.0.1:${await freePorts(1)}`;
      const process = this.#startAt(address);
      try {
        await process.until('server.listening');
        return { address, process };
      } catch (error) {
        // Another test was quicker.
        if (!/port \d+ is taken/u.test(process.printed())) throw error;
      }
    }
  }

  /** Ends all processes as an update does. @returns their exit codes. */
  async end(): Promise<(number | NodeJS.Signals | null)[]> {
    const ended = this.desks.splice(0);
    for (const { process } of ended) process.child.kill('SIGTERM');
    return Promise.all(ended.map(({ process }) => process.ended));
  }

  #startAt(address: string): Running {
    const { built, storage, schools } = this.#parts;
    const env = {
      ...{ BOT_ID: '', HOST: '', PORT: new URL(address).port, STORAGE_ACCOUNT: '', LOG_LEVEL: 'info' },
      ...{ STORAGE_CONNECTION_STRING: storage.connection, SCHOOLS_DIR: schools },
      // Links that one process made work with all the others.
      ...{ PUBLIC_URL: address, LINK_SECRET },
    };
    return built.start(env, storage.aheadMs);
  }

  /** Ends a process as a power cut does, and waits until what it had under way has gone wherever it goes. */
  async kill({ process }: Desk): Promise<void> {
    process.child.kill('SIGKILL');
    await process.ended;
    await until(() => this.connector.inHand === 0 && this.storage.inHand.size === 0);
  }

  async allCases(): Promise<Case[]> {
    const found: Case[] = [];
    for await (const { case: one } of this.cases.all(SCHOOL)) found.push(one);
    return found;
  }

  async owed(): Promise<{ readonly place: OutboxPlace; readonly stored: StoredDelivery }[]> {
    const found: { readonly place: OutboxPlace; readonly stored: StoredDelivery }[] = [];
    for await (const one of this.outbox.waiting(SCHOOL)) found.push(one);
    return found;
  }

  /** The messages that were noted as sent by themselves, and not in the place of another: by what Teams calls them. */
  async noted(): Promise<string[]> {
    const found: string[] = [];
    const filter = `RowKey ge 'delivery~' and RowKey lt 'delivery~~' and state eq 'sent' and (placement eq 'new' or (placement ge 'below' and placement lt 'below~~'))`;
    for (const name of DELIVERY_TABLES) {
      const client = await this.tables.table(name).client();
      const rows = client.listEntities<{ activityId?: string }>({ queryOptions: { filter } });
      for await (const { activityId } of rows) found.push(activityId ?? 'unknown');
    }
    return found.toSorted();
  }

  /** Waits until everything that is owed has been sent or given up. */
  async settled(limitMs = 60_000): Promise<void> {
    await until(async () => (await this.owed()).length === 0, undefined, limitMs);
  }

  /** Where no process runs: lets the time go by that others wait for the claims of one that has died. */
  async letClaimsRunOut(): Promise<void> {
    for (const { place, stored } of await this.owed()) {
      const { delivery, version } = stored;
      if (delivery.progress.state !== 'owed') continue;
      await this.outbox.save(place, { ...delivery, progress: { state: 'owed', due: new Date(0) } }, version);
    }
  }

  /** The messages that stand by themselves in a conversation, and name a case. */
  cardsOf(reference: string, target: Target): Posted[] {
    const ids =
      target.to === 'person'
        ? [`a:chat-of-29:${target.personId}`, `a:chat-of-${target.personId}`]
        : [HEADTEACHER_CHANNEL];
    return ids
      .flatMap((id) => this.connector.in(id))
      .filter((posted) => posted.replyToId === undefined && JSON.stringify(posted.activity).includes(reference));
  }

  /** What `npm run verify` finds. */
  async faults(): Promise<string[]> {
    const found: string[] = [];
    for await (const record of caseRecords(this.tables).all(SCHOOL))
      found.push(...(await faultsInCase(record, this.files)));
    return found;
  }

  async close(): Promise<void> {
    const { azurite, storage, connector, teamsFiles, edge, schools } = this.#parts;
    for (const { process } of this.desks) {
      process.child.kill('SIGKILL');
      await process.ended;
    }
    edge.closeAllConnections();
    await new Promise((resolve) => edge.close(resolve));
    await Promise.all([connector.stop(), teamsFiles.stop(), storage.stop()]);
    await rm(schools, { recursive: true, force: true });
    await azurite.cleanUp();
  }
}

interface Parts {
  readonly azurite: OwnAzurite;
  readonly storage: WatchedStorage;
  readonly connector: FakeConnector;
  readonly teamsFiles: FakeTeamsFiles;
  readonly edge: Server;
  readonly built: BuiltBot;
  readonly schools: string;
}
