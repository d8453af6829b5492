import { fileURLToPath } from 'node:url';
import { readProfile } from '../src/storage/school-folder.js';
import type { SummaryFigures, SummaryOptions } from './summaries.js';
import { measureInStorage } from './summaries-in-storage.js';
import { measureOnPaper } from './summaries-on-paper.js';

/**
 * Measures summaries in a process that does nothing else, started with `--expose-gc`, and prints the figures as JSON. Its arguments
 * are the connection string of an empty storage and the options as JSON.
 */
const [connection = '', options = '{}'] = process.argv.slice(2);
const { schools, casesPerYear } = JSON.parse(options) as SummaryOptions;
const profile = await readProfile(fileURLToPath(new URL('../schools', import.meta.url)), 'example-primary');
const paper = await measureOnPaper(profile, schools, say);
const storage = await measureInStorage(profile, connection, casesPerYear, say);
const figures: SummaryFigures = { paper, storage };
process.stdout.write(JSON.stringify(figures));

function say(words: string): void {
  process.stderr.write(`${words}\n`);
}
