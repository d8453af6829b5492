import { measureSearch } from './search.js';

/** Measures search in a process that does nothing else, and prints the figures as JSON. */
process.stdout.write(JSON.stringify(measureSearch()));
