import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { processEnvironment } from '../config.js';

const USAGE = `Fills infra/azure.parameters.json from the environment, as the Microsoft 365 Agents Toolkit does, and prints it for \`az\`:

  set -a; . env/.env.prod; set +a
  npm run --silent parameters > parameters.json

Ends with code 1, and prints nothing but what is missing, when a variable is empty.`;

const FILE = fileURLToPath(new URL('../../infra/azure.parameters.json', import.meta.url));
const PLACE = /\$\{\{\s*(\w+)\s*\}\}/gu;

process.exitCode = main(process.argv.slice(2), processEnvironment());

function main(given: readonly string[], env: NodeJS.ProcessEnv): number {
  if (given.length > 0) {
    process.stderr.write(`${USAGE}\n`);
    return given.includes('--help') || given.includes('-h') ? 0 : 1;
  }
  const source = readFileSync(FILE, 'utf8');
  const missing = [...source.matchAll(PLACE)].map(([, name = '']) => name).filter((name) => !env[name]?.trim());
  if (missing.length > 0) {
    process.stderr.write(`Set ${missing.join(', ')}: env/example.env says what each is.\n`);
    return 1;
  }
  // Within a JSON string: quotes and the like are escaped.
  const filled = source.replace(PLACE, (_, name: string) => JSON.stringify(env[name]?.trim()).slice(1, -1));
  process.stdout.write(filled);
  return 0;
}
