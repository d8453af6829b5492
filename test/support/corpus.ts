import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Policies of real schools, with labelled questions. They are not ours to publish, so they lie beside the checkout, where
 * they are to be had; tests that need them are skipped elsewhere.
 */
const folder = fileURLToPath(new URL('../../../shared/', import.meta.url));

export interface LabelledQuestion {
  readonly id: string;
  readonly policy: string;
  readonly kind: 'answerable' | 'unanswerable' | 'report' | 'smalltalk';
  readonly category?: string;
  readonly question: string;
  readonly gold: readonly string[];
}

export const hasCorpus = existsSync(`${folder}policies`);

/** The real policies: file name and bytes. */
export const corpusPolicies = (): { name: string; bytes: Uint8Array }[] =>
  hasCorpus
    ? readdirSync(`${folder}policies`).map((name) => ({ name, bytes: readFileSync(`${folder}policies/${name}`) }))
    : [];

/** The labelled questions over them. */
export const corpusQuestions = (): LabelledQuestion[] =>
  hasCorpus ? readQuestions(`${folder}questions/dev.jsonl`) : [];

/** Reads labelled questions, one JSON object a line. */
export const readQuestions = (file: string): LabelledQuestion[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as LabelledQuestion);

if (!hasCorpus)
  process.stderr.write('The real policies are not beside this checkout: tests that need them are skipped.\n');
