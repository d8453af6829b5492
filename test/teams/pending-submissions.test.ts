import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../src/log.js';
import { PendingSubmissions } from '../../src/teams/pending-submissions.js';
import { until } from '../support/until.js';

let logged: Record<string, unknown>[];
let pending: PendingSubmissions;
beforeEach(() => {
  logged = [];
  const lines = new Writable({
    write(line, _encoding, done) {
      logged.push(JSON.parse(String(line)));
      done();
    },
  });
  pending = new PendingSubmissions(createLog('debug', lines), 5);
});
afterEach(() => pending.stop());

const held = (send: () => Promise<void>, key = 'one') => pending.hold({ key, schoolId: 'oak', send });

describe('what could not be sent', () => {
  it('is tried again until it can be, and then no more', async () => {
    let tries = 0;
    held(async () => {
      tries += 1;
      if (tries < 3) throw new Error('Storage is away.');
    });
    await until(() => tries === 3);
    await pending.stop();
    expect(tries).toBe(3);
    expect(logged.map(({ event }) => event)).toEqual(['report.not_sent', 'report.not_sent']);
  });

  it('is never under way twice, however often it is pressed', async () => {
    let [now, most, done] = [0, 0, 0];
    let pressed = false;
    const send = async () => {
      now += 1;
      most = Math.max(most, now);
      await until(() => pressed);
      now -= 1;
      done += 1;
    };
    held(send);
    await until(() => now === 1);
    for (let press = 0; press < 5; press += 1) {
      held(send);
      held(send, 'two');
      await new Promise((resolve) => setTimeout(resolve, 7));
    }
    pressed = true;
    await until(() => done === 3 && now === 0);
    expect(most).toBe(1);
  });

  it('one that fails does not hold up another', async () => {
    let sent = false;
    held(() => Promise.reject(new Error('Its storage is away.')));
    held(async () => {
      sent = true;
    }, 'two');
    await until(() => sent);
  });

  it('what is pressed again takes the place of what was pressed before', async () => {
    const sent: string[] = [];
    held(async () => void sent.push('first'));
    held(async () => void sent.push('second'));
    await until(() => sent.length > 0);
    expect(sent).toEqual(['second']);
  });

  it('is tried once more before a stop, and what is left is counted in the log without a word of it', async () => {
    let sent = 0;
    held(async () => {
      sent += 1;
    });
    held(() => Promise.reject(new Error('Storage is away.')), 'school/person');
    await pending.stop();
    expect(sent).toBe(1);
    expect(logged.at(-1)).toMatchObject({ level: 'error', event: 'report.not_sent', count: 1 });
    expect(JSON.stringify(logged)).not.toContain('school/person');
  });
});
