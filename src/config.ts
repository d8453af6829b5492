import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { z } from 'zod/v4';
import { faultsBetween, ONE_STORAGE } from './config-faults.js';
import { INSIGHTS, INSIGHTS_IDENTITY, isOrigin, isStorage } from './config-values.js';
import { AppError } from './errors.js';
import { LOG_LEVELS, type LogLevel } from './log.js';

/** How the bot proves to Microsoft Entra who it is. */
export interface BotIdentity {
  readonly id: string;
  readonly type: 'MultiTenant' | 'SingleTenant' | 'UserAssignedMSI';
  readonly password: string | undefined;
  readonly tenantId: string | undefined;
}

export interface ManagedIdentity {
  /** Client id of the user-assigned identity to use; left out, the machine's own. */
  readonly identity?: string;
}

/** Where Azure Storage is: by connection string, or by account name with a managed identity. */
export type StorageAddress = { readonly connectionString: string } | ({ readonly account: string } & ManagedIdentity);

/** A chat model that puts clauses into plain English. */
export interface AzureOpenAi {
  /** The resource's address, for example `https://example.openai.azure.com`. */
  readonly endpoint: string;
  readonly key: string;
  readonly deployment: string;
}

export interface Config {
  readonly host: string;
  readonly port: number;
  /** The origin at which browsers reach this server, such as `https://policydesk.example.org`. */
  readonly publicUrl: string;
  /** What links are sealed with; the same in every process. */
  readonly linkSecret: string;
  /** `undefined` without `BOT_ID`: requests are not authenticated, so only this machine may send them. */
  readonly bot: BotIdentity | undefined;
  /** Empty: every tenant that has a school. */
  readonly allowedTenants: readonly string[];
  readonly storage: StorageAddress;
  readonly schoolsDir: string;
  /** The blob container that `schoolsDir` is kept as; `undefined`: the folder is somebody else's to fill. */
  readonly schoolsContainer: string | undefined;
  /** `undefined`: answers are the clauses alone. */
  readonly azureOpenAi: AzureOpenAi | undefined;
  readonly logLevel: LogLevel;
  /** `undefined`: nothing is told to Azure Monitor. */
  readonly applicationInsights: ApplicationInsights | undefined;
}

/** Where telemetry goes. */
export interface ApplicationInsights {
  readonly connectionString: string;
  /** The managed identity that proves who sends; `undefined`: the connection string alone, which local authentication takes. */
  readonly identity: ManagedIdentity | undefined;
}

const DEFAULT_SCHOOLS_DIR = 'schools';
/** The containers in which evidence and summaries are kept. */
export const OWN_CONTAINERS = ['evidence', 'summaries'];
const ENTRA_ID = z.guid('must be an id such as 11111111-2222-3333-4444-555555555555');

const text = z
  .string()
  .trim()
  .transform((value) => (value === '' ? undefined : value))
  .optional();
const schema = z.object({
  HOST: text,
  PORT: text.pipe(
    z
      .string()
      .refine((value) => /^\d{1,5}$/u.test(value) && Number(value) <= 65_535, 'must be a port, 0 to 65535')
      .default('3978')
      .transform(Number),
  ),
  PUBLIC_URL: text.pipe(
    z
      .string()
      .refine(
        isOrigin,
        'must be the address at which browsers reach this server, with https and without a path, such as https://policydesk.example.org',
      )
      .transform((address) => new URL(address).origin)
      .optional(),
  ),
  LINK_SECRET: text.pipe(z.string().min(32, 'must have at least 32 characters, best random ones').optional()),
  BOT_ID: text.pipe(ENTRA_ID.optional()),
  BOT_PASSWORD: text,
  BOT_TYPE: text.pipe(
    z
      .enum(['MultiTenant', 'SingleTenant', 'UserAssignedMSI'], 'must be MultiTenant, SingleTenant or UserAssignedMSI')
      .default('MultiTenant'),
  ),
  BOT_TENANT_ID: text.pipe(ENTRA_ID.optional()),
  ALLOWED_TENANTS: text
    .transform((value) => value?.split(/[\s,;]+/u).filter(Boolean))
    .pipe(z.array(ENTRA_ID).min(1, 'must name at least one tenant, or be left out').default([])),
  STORAGE_CONNECTION_STRING: text.pipe(
    z
      .string()
      .refine(isStorage, 'must be the connection string of a storage account, as the Azure portal shows it')
      .optional(),
  ),
  STORAGE_ACCOUNT: text.pipe(
    z
      .string()
      .regex(/^[a-z0-9]{3,24}$/u, 'must be the name of a storage account: 3 to 24 lower-case letters and digits')
      .optional(),
  ),
  SCHOOLS_DIR: text.pipe(z.string().default(DEFAULT_SCHOOLS_DIR)),
  SCHOOLS_CONTAINER: text.pipe(
    z
      .string()
      .regex(
        /^(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*$/u,
        'must be the name of a blob container: 3 to 63 lower-case letters, digits and single hyphens',
      )
      .refine(
        (name) => !OWN_CONTAINERS.includes(name),
        'must not be a container that Policy Desk keeps its own files in',
      )
      .optional(),
  ),
  AZURE_OPENAI_ENDPOINT: text.pipe(
    z
      .string()
      .refine(isOrigin, 'must be the address of the resource, with https, such as https://example.openai.azure.com')
      .transform((address) => new URL(address).origin)
      .optional(),
  ),
  AZURE_OPENAI_KEY: text,
  AZURE_OPENAI_DEPLOYMENT: text.pipe(
    z
      .string()
      .regex(/^[\w.-]{1,64}$/u, 'must be the name of a deployment: letters, digits, dots, hyphens and underscores')
      .optional(),
  ),
  APPLICATIONINSIGHTS_CONNECTION_STRING: text.pipe(INSIGHTS),
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: text.pipe(INSIGHTS_IDENTITY),
  LOG_LEVEL: text.pipe(z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info')),
});

/** The variables as they were read, each by itself. */
export type Settings = z.infer<typeof schema>;

/** The process's environment, with what `.env` in the working folder adds to it. The only reader of either. */
export function processEnvironment(): NodeJS.ProcessEnv {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

/** The library of Azure Monitor counts its own calls and tells Microsoft how it is used, unless its environment forbids it. */
export function tellMicrosoftNothing(): void {
  process.env.APPLICATION_INSIGHTS_NO_STATSBEAT = 'true';
}

/** The folder of schools alone, for commands that need nothing else of the configuration. */
export const readSchoolsDir = (env: NodeJS.ProcessEnv): string => env.SCHOOLS_DIR?.trim() || DEFAULT_SCHOOLS_DIR;

/** Whether a deployment is described at all, rightly or wrongly. */
export const isAnythingSet = (env: NodeJS.ProcessEnv): boolean =>
  [env.BOT_ID, env.STORAGE_CONNECTION_STRING, env.STORAGE_ACCOUNT, env.PUBLIC_URL].some((value) => value?.trim());

/**
 * Where storage is, for commands that need nothing else of the configuration: whether the rest is set, and how, is the server's
 * business.
 *
 * @returns `undefined` when none is set.
 * @throws {AppError} `bad_configuration` when it is set wrongly.
 */
export function readStorage(env: NodeJS.ProcessEnv): StorageAddress | undefined {
  if (!env.STORAGE_CONNECTION_STRING?.trim() && !env.STORAGE_ACCOUNT?.trim()) return undefined;
  const parsed = storageSchema.safeParse(env);
  if (!parsed.success) throw refused(faultsIn(parsed.error));
  if (parsed.data.STORAGE_CONNECTION_STRING && parsed.data.STORAGE_ACCOUNT) throw refused([ONE_STORAGE]);
  return storageOf(parsed.data);
}

const storageSchema = schema.pick({
  ...{ STORAGE_CONNECTION_STRING: true, STORAGE_ACCOUNT: true, BOT_ID: true, BOT_TYPE: true },
});

function storageOf(data: z.infer<typeof storageSchema>): StorageAddress {
  const { STORAGE_CONNECTION_STRING: connectionString, STORAGE_ACCOUNT: account = '', BOT_ID, BOT_TYPE } = data;
  if (connectionString !== undefined) return { connectionString };
  return { account, ...(BOT_ID !== undefined && BOT_TYPE === 'UserAssignedMSI' && { identity: BOT_ID }) };
}

const faultsIn = (error: z.ZodError): string[] =>
  error.issues.map(({ path, message }) => `${String(path[0])} ${message}.`);

const refused = (faults: readonly string[]): AppError =>
  new AppError('bad_configuration', `Policy Desk cannot start:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);

/**
 * Reads the configuration from environment variables (see `.env.example`).
 *
 * @throws {AppError} `bad_configuration`, with every fault in one message and no value of a secret in it.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const parsed = schema.safeParse(env);
  const faults = parsed.success ? faultsBetween(parsed.data) : faultsIn(parsed.error);
  if (!parsed.success || faults.length > 0) throw refused(faults);
  const { data } = parsed;
  const bot =
    data.BOT_ID === undefined
      ? undefined
      : { id: data.BOT_ID, type: data.BOT_TYPE, password: data.BOT_PASSWORD, tenantId: data.BOT_TENANT_ID };
  const host = data.HOST ?? (bot ? '0.0.0.0' : '127.0.0.1');
  return Object.freeze({
    host,
    port: data.PORT,
    publicUrl: data.PUBLIC_URL ?? `http://${host.includes(':') ? `[${host}]` : host}:${data.PORT}`,
    linkSecret: data.LINK_SECRET ?? randomBytes(32).toString('base64url'),
    bot,
    allowedTenants: data.ALLOWED_TENANTS.map((id) => id.toLowerCase()),
    storage: storageOf(data),
    schoolsDir: data.SCHOOLS_DIR,
    schoolsContainer: data.SCHOOLS_CONTAINER,
    azureOpenAi: azureOpenAiOf(data),
    logLevel: data.LOG_LEVEL,
    applicationInsights: insightsOf(data),
  });
}

function insightsOf(data: Settings): ApplicationInsights | undefined {
  const connectionString = data.APPLICATIONINSIGHTS_CONNECTION_STRING;
  return connectionString === undefined
    ? undefined
    : { connectionString, identity: data.APPLICATIONINSIGHTS_AUTHENTICATION_STRING };
}

function azureOpenAiOf(data: Settings): AzureOpenAi | undefined {
  const { AZURE_OPENAI_ENDPOINT: endpoint, AZURE_OPENAI_KEY: key, AZURE_OPENAI_DEPLOYMENT: deployment } = data;
  return endpoint && key && deployment ? { endpoint, key, deployment } : undefined;
}
