import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { BANK } from '../policies/bank.js';
import { keepLessons } from '../policies/lessons-file.js';
import { learnRules } from '../policies/rule-training.js';

/** Learns from the question bank and writes what was learnt beside it. To be run whenever the bank changes. */
const file = fileURLToPath(new URL('../policies/bank/lessons.json', import.meta.url));
const started = performance.now();
const lessons = learnRules(BANK);
await writeFile(file, `${JSON.stringify(keepLessons(lessons), null, 1)}\n`);
process.stdout.write(
  `Learnt ${lessons.features.length} features from ${lessons.texts} texts in ${Math.round((performance.now() - started) / 1000)} s.\n`,
);
