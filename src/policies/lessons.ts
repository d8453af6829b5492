import lessons from './bank/lessons.json' with { type: 'json' };
import { readLessons } from './lessons-file.js';
import type { Lessons } from './rule-training.js';

/** What the bank teaches. `npm run train` writes the file anew; it must be run whenever the bank changes. */
export const LESSONS: Lessons = readLessons(lessons);
