import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { LabelledQuestion } from './measures.js';

const ROOT = new URL('../', import.meta.url);

/**
 * Policies of real schools, with labelled questions. They are not ours to publish, so they lie beside the checkout, where
 * they are to be had.
 */
const folder = fileURLToPath(new URL('../shared/', ROOT));

export const hasCorpus = existsSync(`${folder}policies`);

/** The real policies: file name and bytes; none where they are not to be had. */
export const corpusPolicies = (): { name: string; bytes: Uint8Array }[] =>
  hasCorpus
    ? readdirSync(`${folder}policies`).map((name) => ({ name, bytes: readFileSync(`${folder}policies/${name}`) }))
    : [];

/** The labelled questions over them. */
export const corpusQuestions = (): LabelledQuestion[] =>
  hasCorpus ? readQuestions(`${folder}questions/dev.jsonl`) : [];

/** The labelled questions over the sample school's policy. */
export const sampleQuestions = (): LabelledQuestion[] =>
  readQuestions(fileURLToPath(new URL('test/golden/sample-questions.jsonl', ROOT)));

/** Reads labelled questions, one JSON object a line. */
export const readQuestions = (file: string): LabelledQuestion[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as LabelledQuestion);
