import { Writable } from 'node:stream';
import { createLog } from '../../src/log.js';

/** The real log at its most talkative, with all that was written to it so far. */
export function keptLog() {
  let lines = '';
  const destination = new Writable({
    write(line, _encoding, done) {
      lines += line;
      done();
    },
  });
  return { log: createLog('debug', destination), logged: () => lines };
}
