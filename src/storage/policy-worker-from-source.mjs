// Starts policy-worker.ts where the project runs from its source: a thread does not take over its process's TypeScript loader.
import { register } from 'tsx/esm/api';

register();
await import('./policy-worker.ts');
