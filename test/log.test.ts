import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLog, traceOf } from '../src/log.js';

describe('the log', () => {
  it('writes JSON lines with time and level, and nothing of the machine', () => {
    let written = '';
    const log = createLog(
      'info',
      new Writable({
        write(chunk, _encoding, done) {
          written += chunk;
          done();
        },
      }),
    );
    log.info({ event: 'server.stopping' });
    log.debug({ event: 'turn.failed' });
    expect(Object.keys(JSON.parse(written) as object)).toEqual(['level', 'time', 'event']);
    expect(JSON.parse(written)).toMatchObject({ level: 'info', event: 'server.stopping' });
  });

  it('says where an unexpected error was thrown, not what it says', () => {
    const trace = traceOf(new TypeError('Miss Reed\n    at her desk'));
    expect(trace.error).toBe('TypeError');
    expect(trace.at).toMatch(/^at .*log\.test\.ts:\d+/u);
    expect(JSON.stringify(trace)).not.toMatch(/Reed|her desk/u);
    expect(traceOf('words')).toEqual({ error: 'string' });
  });
});
