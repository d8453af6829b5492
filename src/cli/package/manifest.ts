import { AppError } from '../../errors.js';
import type { PackageSettings } from './settings.js';

/** JSON as it was read. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** As the Microsoft 365 Agents Toolkit writes what is to be filled in, so that it can fill the same file. */
const PLACEHOLDER = /\$\{\{\s*(\w+)\s*\}\}/gu;

/** What is not as `appPackage/manifest.json` has it. */
export interface Changes {
  /** The app's own version. */
  readonly version?: string | undefined;
  /** Whether it is to be offered for private and shared channels as well, of which Teams knows from manifest 1.25 on. */
  readonly privateChannels?: boolean | undefined;
}

/**
 * The manifest as Teams gets it.
 *
 * @param template the text of `appPackage/manifest.json`.
 * @throws {AppError} `bad_arguments` where the template asks for something that nothing is known of.
 */
export function filledManifest(template: string, settings: PackageSettings, changes: Changes = {}): string {
  const { version, privateChannels } = changes;
  const manifest = fill(JSON.parse(template) as Json, settings);
  const changed = {
    ...(isObject(manifest) ? manifest : {}),
    ...(version !== undefined && { version }),
    ...(privateChannels && FOR_PRIVATE_CHANNELS),
  };
  return `${JSON.stringify(changed, null, 2)}\n`;
}

const FOR_PRIVATE_CHANNELS = {
  $schema: 'https://developer.microsoft.com/json-schemas/teams/v1.25/MicrosoftTeams.schema.json',
  manifestVersion: '1.25',
  supportsChannelFeatures: 'tier1',
};

function fill(value: Json, settings: PackageSettings): Json {
  if (typeof value === 'string') return value.replace(PLACEHOLDER, (_, name: string) => settingFor(name, settings));
  if (isList(value)) return value.map((inner) => fill(inner, settings));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fill(inner, settings)]));
}

function settingFor(name: string, settings: PackageSettings): string {
  const found = Object.entries(settings).find(([known]) => known === name)?.[1];
  if (found === undefined)
    throw new AppError('bad_arguments', `The manifest asks for ${name}, which nothing here fills in.`);
  return String(found);
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const isObject = (value: Json): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !isList(value);
