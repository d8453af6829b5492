import { hasCorpus } from '../../bench/labelled-questions.js';

export { corpusPolicies, corpusQuestions, hasCorpus, readQuestions } from '../../bench/labelled-questions.js';
export type { LabelledQuestion } from '../../bench/measures.js';

if (!hasCorpus)
  process.stderr.write('The real policies are not beside this checkout: tests that need them are skipped.\n');
