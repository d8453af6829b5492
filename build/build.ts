import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle, ROOT } from './bundle.js';

const USAGE = `Makes dist/, which holds what a school runs. The types are checked before.

  npm run build              runs in this folder
  npm run build -- --whole   runs where nothing is installed, beside adaptiveCards/, pages/ and package.json: for the container`;

const { values } = parseArgs({ options: { whole: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
if (values.help) process.stdout.write(`${USAGE}\n`);
else await bundle({ dist: join(ROOT, 'dist'), ...(values.whole && { whole: true }) });
