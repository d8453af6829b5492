import type { Config } from '../../config.js';
import { dayAndTimeAt } from '../../schools/calendar.js';
import type { School } from '../../schools/school.js';
import { openBlobs } from '../../storage/blobs.js';
import { CASE_TABLE } from '../../storage/case-table.js';
import { directoryTable } from '../../storage/directory-table.js';
import { DRAFT_TABLE } from '../../storage/draft-table.js';
import { ENQUIRY_TABLE } from '../../storage/enquiry-table.js';
import { JOB_TABLE, jobTable } from '../../storage/job-table.js';
import { tableOutbox } from '../../storage/outbox.js';
import { openQueues } from '../../storage/queues.js';
import { SUMMARY_TABLE } from '../../storage/summary-table.js';
import { openTables } from '../../storage/tables.js';
import { channelFinding } from './channels.js';
import type { Finding } from './finding.js';
import { botToken, storageIdentity } from './identity.js';
import { addressFindings, jobFindings, owedFindings, queueFindings } from './running.js';
import { schoolFindings } from './schools.js';
import { settingFindings } from './settings.js';
import { clockFinding, type Storage, storageFindings } from './storage.js';

const OWING = [ENQUIRY_TABLE, CASE_TABLE, DRAFT_TABLE, JOB_TABLE, SUMMARY_TABLE];

export interface Circumstances {
  /** The stack of `npm run dev`, rather than a deployment. */
  readonly isLocal: boolean;
  /** This machine’s clock. */
  readonly machineNow: () => Date;
  /** Where Entra is; left out, Microsoft’s. */
  readonly loginUrl?: string;
}

/** Looks at all of a deployment. Changes nothing that people or the bot could see. Never rejects for what is wrong with it. */
export async function diagnose(config: Config, { isLocal, machineNow, loginUrl }: Circumstances): Promise<Finding[]> {
  const storage: Storage = {
    tables: openTables(config.storage),
    blobs: openBlobs(config.storage),
    queues: openQueues(config.storage),
  };
  const [settings, identity, bot, rights] = await Promise.all([
    settingFindings(config, isLocal),
    storageIdentity(config),
    botToken(config.bot, loginUrl),
    storageFindings(storage),
  ]);
  const { schools, findings: schoolsFound } = await schoolFindings(config.schoolsDir, machineNow());
  const storageWorks = rights.every(({ state }) => state === 'works');
  return [
    ...settings,
    identity,
    ...rights,
    ...(storageWorks ? [clockFinding(storage.tables, machineNow())] : []),
    ...(isLocal ? [] : bot.findings),
    ...schoolsFound,
    // What storage knows is not asked of one that does not answer: each question would wait for its deadline.
    ...(storageWorks ? await keptFindings({ config, isLocal, token: bot.token }, storage, schools) : []),
    ...(await addressFindings(config.publicUrl, isLocal)),
  ];
}

async function keptFindings(
  { config, ...known }: { readonly config: Config; readonly isLocal: boolean; readonly token: string | undefined },
  { tables, queues }: Storage,
  schools: readonly School[],
): Promise<readonly Finding[]> {
  const parts = { directory: directoryTable(tables), hasIdentity: config.bot !== undefined, ...known };
  const now = tables.now();
  const ofSchools = schools.map(async (school) => [
    await channelFinding(parts, school),
    ...(await jobFindings(jobTable(tables), school, dayAndTimeAt(now, school.profile.timeZone).day)),
  ]);
  const [channels, queued, owed] = await Promise.all([
    Promise.all(ofSchools),
    queueFindings(queues),
    owedFindings(tableOutbox(tables, OWING), schools, now),
  ]);
  return [...channels.flat(), ...queued, ...owed];
}
