import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../errors.js';
import type { PackageFiles } from './archive.js';
import { faultsInIcon, faultsInManifest } from './check.js';
import { ICONS } from './icons.js';
import { type Changes, filledManifest } from './manifest.js';
import type { PackageSettings } from './settings.js';

/** What `--check` fills in. */
export const MADE_UP: PackageSettings = {
  TEAMS_APP_ID: '11111111-2222-4333-8444-555555555555',
  BOT_ID: '66666666-7777-4888-9999-aaaaaaaaaaaa',
  BOT_DOMAIN: 'policydesk.example.org',
  PUBLISHER_NAME: 'Example Trust',
  PUBLISHER_URL: 'https://example.org',
  PRIVACY_URL: 'https://example.org/privacy',
  TERMS_URL: 'https://example.org/acceptable-use',
};

/**
 * The files of the app package, checked.
 *
 * @param folder `appPackage`.
 * @throws {AppError} `bad_arguments`, with all that is wrong, when Teams would not take it.
 */
export async function packageFiles(
  folder: string,
  settings: PackageSettings,
  changes?: Changes,
): Promise<PackageFiles> {
  const template = await readFile(join(folder, 'manifest.json'), 'utf8');
  const manifest = filledManifest(template, settings, changes);
  const [color, outline] = await Promise.all([
    readFile(join(folder, 'color.png')),
    readFile(join(folder, 'outline.png')),
  ]);
  const faults = [
    ...(await faultsInManifest(manifest)),
    ...(await Promise.all(ICONS.map((icon) => faultsInIcon(icon, icon === 'color.png' ? color : outline)))).flat(),
  ];
  if (faults.length > 0)
    throw new AppError(
      'bad_arguments',
      `The app package is not as Teams wants it:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
  return { 'manifest.json': Buffer.from(manifest), 'color.png': color, 'outline.png': outline };
}
