import { afterEach, expect, it } from 'vitest';
import { Allowances } from '../../src/schools/allowances.js';
import { countVisits } from '../../src/web/visits.js';
import { aPicture } from '../support/pictures.js';
import { sampleSchool } from '../support/sample-school.js';
import { startUploads, type Uploads } from '../support/uploads.js';

let uploads: Uploads;
afterEach(() => uploads.server.stop());

it('a link that is used by a flood is closed for a minute, with a sentence that says so, and keeps what came before', async () => {
  const school = await sampleSchool();
  let now = new Date('2026-11-20T15:42:30Z');
  const allowances = new Allowances();
  uploads = await startUploads({
    visits: ({ personId }) => {
      const { profile } = school;
      const schools = [{ ...school, profile: { ...profile, limits: { personPerMinute: 10, schoolPerMinute: 60 } } }];
      return countVisits({ schools, allowances, now: () => now })({ schoolId: profile.id, personId });
    },
  });
  const send = async () =>
    fetch(`${uploads.page}/files`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: Buffer.from(await aPicture(1, 30, 20).png().toBuffer()),
    });
  for (let time = 0; time < 20; time += 1) expect((await send()).status).toBe(200);
  const refused = await send();
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('60');
  expect(await refused.json()).toEqual({ sentence: expect.stringContaining('please go on at 15:44') });
  expect(await uploads.evidence()).toHaveLength(1);
  now = new Date('2026-11-20T15:43:31Z');
  expect((await send()).status).toBe(200);
});
