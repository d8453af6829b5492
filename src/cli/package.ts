import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { processEnvironment } from '../config.js';
import { AppError } from '../errors.js';
import { fileInWords } from './new-file.js';
import { packed } from './package/archive.js';
import { drawIcons } from './package/icons.js';
import { MADE_UP, packageFiles } from './package/make.js';
import { readPackageSettings } from './package/settings.js';

const USAGE = `Makes the app package that is uploaded to Teams, and checks it against Microsoft's schema and rules first.

  npm run --silent package                       writes appPackage/build/policy-desk.zip
  npm run --silent package -- --version 1.0.1    with a higher version, which Teams wants of every upload after the first
  npm run --silent package -- --private-channels for private and shared channels as well (see docs/teams-app.md)
  npm run --silent package -- --out FILE.zip     writes it elsewhere
  npm run --silent package -- --check            checks manifest and icons with made-up values, and writes no package
  npm run --silent package -- --draw             draws the icons anew from appPackage/icons

It is filled from the environment or .env: TEAMS_APP_ID, BOT_ID, PUBLIC_URL, PUBLISHER_NAME, PUBLISHER_URL, PRIVACY_URL and
TERMS_URL, which .env.example explains. docs/teams-app.md says where to upload it.`;

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(root, 'appPackage');

try {
  process.stdout.write(`${await main()}\n`);
} catch (error) {
  const known = error instanceof AppError || (error instanceof TypeError && 'code' in error);
  process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
}

async function main(): Promise<string> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      version: { type: 'string' },
      'private-channels': { type: 'boolean' },
      check: { type: 'boolean' },
      draw: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const changes = { version: values.version, privateChannels: values['private-channels'] };
  if (values.help) return USAGE;
  if (values.draw) await drawIcons(folder);
  if (values.check || values.draw) {
    await packageFiles(folder, MADE_UP, changes);
    return 'Manifest and icons are as Teams wants them. No package was written.';
  }
  const zip = await packed(await packageFiles(folder, readPackageSettings(processEnvironment()), changes));
  const file = values.out ?? relative(process.cwd(), join(folder, 'build', 'policy-desk.zip'));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, zip);
  return `${await fileInWords(file)}\nChecked against Microsoft's schema and rules. docs/teams-app.md says where to upload it.`;
}
