import { afterEach, describe, expect, inject, it } from 'vitest';
import type { Role } from '../../src/schools/profile.js';
import { GRACE, HELEN, RUTH } from '../support/staff.js';
import { StorageProxy } from '../support/storage-proxy.js';
import {
  type Downloading,
  type DownloadingOptions,
  GOVERNORS_CHAT,
  SENT,
  startDownloading,
} from '../support/summary-downloads.js';

let downloading: Downloading;
afterEach(async () => {
  await downloading.server.stop();
  for (const word of ['Helen', 'Ruth', HELEN.id, RUTH.id, 'thread', 'eyJ'])
    expect(downloading.logged()).not.toContain(word);
});

const start = async (options?: DownloadingOptions) => {
  downloading = await startDownloading(options);
  return downloading;
};
const press = (address: string, headers: Record<string, string> = {}) => fetch(address, { method: 'POST', headers });
const FORMATS = ['pdf', 'csv'] as const;
const IN_CHAT = { through: { chat: GOVERNORS_CHAT } };

/** That a link opens nothing, neither the page nor a document, and that nothing is noted. */
async function opensNothing(address: string) {
  for (const response of [
    await fetch(address),
    ...(await Promise.all(FORMATS.map((to) => press(`${address}/${to}`)))),
  ]) {
    expect(response.status).toBe(410);
    expect(response.headers.get('content-disposition')).toBeNull();
    expect(await response.text()).toContain('This link has run out, or opens nothing.');
  }
  expect(await downloading.downloads()).toEqual([]);
  expect(downloading.logged()).not.toContain('summary.downloaded');
}

/** @param roles of people whose roles are others from now on; with none they are not of the school any more. */
function nowWith(roles: Readonly<Record<string, Role[]>>): void {
  const [school] = downloading.schools;
  if (!school) throw new Error('There is no school.');
  const people = school.profile.people.flatMap((one) => {
    const given = roles[one.id] ?? one.roles;
    return given.length > 0 ? [{ ...one, roles: given }] : [];
  });
  downloading.schools[0] = { ...school, profile: { ...school.profile, people } };
}

describe('a link to the documents of a summary', () => {
  it('offers both to whatever opens it, and hands nothing over and notes nothing until a button is pressed', async () => {
    const { link, downloads, drawn, logged } = await start();
    const address = await link();
    for (const method of ['GET', 'HEAD']) expect((await fetch(address, { method })).status).toBe(200);
    const response = await fetch(address);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    const page = await response.text();
    expect(page).toContain('<h1>Summary for governors: Autumn 2026, first half</h1>');
    expect(page).toMatch(/made for <strong>Helen Achebe<\/strong> and works until \d\d:\d\d\./u);
    const forms = [...page.matchAll(/<form method="post" action="([^"]+)">/gu)].map(([, action]) => action);
    expect(forms).toEqual(FORMATS.map((format) => `${new URL(address).pathname}/${format}`));
    expect(page).not.toContain('0'.repeat(64));
    for (const format of FORMATS) expect((await fetch(`${address}/${format}`)).status).toBe(405);
    expect(await downloads()).toEqual([]);
    expect(drawn()).toBe(0);
    expect(logged()).not.toContain('summary.downloaded');
  });

  it('hands over, to the byte, what was kept of one that was sent, and notes who had what', async () => {
    const { link, kept, downloads, drawn, logged, summary } = await start({ sending: SENT });
    const address = await link({ ...IN_CHAT, personId: GRACE.id });
    expect(await (await fetch(address)).text()).toContain('This link was made in the governors’ chat and works until');
    for (const format of FORMATS) {
      const response = await press(`${address}/${format}`);
      expect(response.status).toBe(200);
      expect(Buffer.from(await response.arrayBuffer())).toEqual(kept('governors', format));
      const headers = ['content-type', 'content-disposition', 'x-content-type-options', 'cache-control'];
      expect(headers.map((name) => response.headers.get(name))).toEqual([
        format === 'pdf' ? 'application/pdf' : 'text/csv; charset=utf-8',
        `attachment; filename="${summary.schoolId}-half-term-2026-08-31.${format}"`,
        'nosniff',
        'no-store',
      ]);
    }
    expect(await downloads()).toEqual(
      FORMATS.map((format) => ({ at: expect.any(Date), personId: GRACE.id, edition: 'governors', format })),
    );
    expect(drawn()).toBe(0);
    const lines = logged().match(/^.*summary\.downloaded.*$/gmu) ?? [];
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      FORMATS.map((outcome) => ({
        ...{ level: expect.anything(), time: expect.anything(), event: 'summary.downloaded' },
        ...{ schoolId: summary.schoolId, outcome },
      })),
    );
  });

  it('hands over one that was not sent as it is drawn, under a name of its own for the chair', async () => {
    const { link, downloads, drawn } = await start();
    const response = await press(`${await link({ personId: RUTH.id, edition: 'chair' })}/pdf`);
    expect(await response.text()).toBe('drawn half_term-2026-08-31 chair pdf');
    expect(response.headers.get('content-disposition')).toMatch(/-half-term-2026-08-31-chair\.pdf"$/u);
    expect(drawn()).toBe(1);
    expect(await downloads()).toMatchObject([{ personId: RUTH.id, edition: 'chair', format: 'pdf' }]);
  });

  it('opens the chair’s edition for the chair alone, and never by way of the governors’ chat', async () => {
    const { link, kept, downloads } = await start({ sending: SENT });
    await opensNothing(await link({ personId: HELEN.id, edition: 'chair' }));
    await opensNothing(await link({ ...IN_CHAT, personId: RUTH.id, edition: 'chair' }));
    await opensNothing(await link({ personId: GRACE.id }));
    nowWith({ [RUTH.id]: ['chair_of_governors', 'headteacher'] });
    await opensNothing(await link({ personId: RUTH.id, edition: 'chair' }));
    nowWith({ [RUTH.id]: ['chair_of_governors'] });
    for (const edition of ['governors', 'chair'] as const) {
      const response = await press(`${await link({ personId: RUTH.id, edition })}/csv`);
      expect(Buffer.from(await response.arrayBuffer())).toEqual(kept(edition, 'csv'));
    }
    expect(await downloads()).toHaveLength(2);
  });

  it('ends with the governors’ chat it was made in, and opens nothing made in another', async () => {
    const { link, choose } = await start({ sending: SENT });
    const address = await link(IN_CHAT);
    expect((await fetch(address)).status).toBe(200);
    choose('19:another@thread.v2');
    await opensNothing(address);
    await opensNothing(await link({ through: { chat: '19:example-academy-governors@thread.v2' } }));
    choose(GOVERNORS_CHAT);
    expect((await press(`${address}/pdf`)).status).toBe(200);
  });

  it('shows governors nothing that was not sent', async () => {
    const { link } = await start({ sending: { state: 'held', on: '2026-11-04', at: new Date(), by: HELEN.id } });
    await opensNothing(await link(IN_CHAT));
    expect((await press(`${await link()}/pdf`)).status).toBe(200);
  });

  it('ends with the role of whom it was made for', async () => {
    const { link } = await start();
    const address = await link();
    expect((await fetch(address)).status).toBe(200);
    nowWith({ [HELEN.id]: ['staff', 'triager', 'dsl', 'deputy_headteacher', 'governor', 'administrator'] });
    await opensNothing(address);
    nowWith({ [HELEN.id]: [] });
    await opensNothing(address);
  });

  it('opens nothing of another school, no other summary, and no other page', async () => {
    const { link, links, schools, summary, later } = await start();
    const address = await link();
    await opensNothing(await link({ schoolId: 'example-primary' }));
    await opensNothing(await link({ summaryId: 'half_term-2026-11-02' }));
    const [school] = schools;
    if (school) schools.push({ ...school, profile: { ...school.profile, id: `${summary.schoolId}-too` } });
    await opensNothing(await link({ schoolId: `${summary.schoolId}-too` }));
    await opensNothing(`${address.slice(0, -5)}AAAAA`);
    const exported = await links.exportLink({ ...summary, personId: HELEN.id, reference: 'PD-7K3MZ0QX' });
    await opensNothing(exported.replace('/export/', '/summary/'));
    later(10);
    await opensNothing(address);
  });

  it('is not pressed from another page', async () => {
    const { link, downloads } = await start();
    const address = await link();
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'https://elsewhere.example' },
    ];
    for (const headers of foreign)
      for (const format of FORMATS) expect((await press(`${address}/${format}`, headers)).status).toBe(403);
    expect(await downloads()).toEqual([]);
    expect((await press(`${address}/xlsx`)).status).toBe(404);
  });

  it('hands over nothing when that cannot be noted', async () => {
    const proxy = await StorageProxy.start(inject('storage'));
    const { link, downloads, logged } = await start({ sending: SENT, tables: proxy.through(inject('storage')) });
    const address = await link();
    expect((await fetch(address)).status).toBe(200);
    // The summary can be read, and the note is what fails.
    proxy.weather = 'writes refused once';
    const response = await press(`${address}/pdf`);
    expect([response.status, response.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
    const words = await response.text();
    expect(words).not.toContain('kept');
    expect(logged()).toContain(/ERR-[0-9A-Z]{8}/u.exec(words)?.[0] ?? 'none');
    proxy.weather = 'down';
    expect((await press(`${address}/pdf`)).status).toBe(503);
    expect((await fetch(address)).status).toBe(503);
    proxy.weather = 'fair';
    expect(await downloads()).toEqual([]);
    expect(logged()).not.toContain('summary.downloaded');
    expect((await press(`${address}/pdf`)).status).toBe(200);
    expect(await downloads()).toHaveLength(1);
    await proxy.stop();
  }, 60_000);
});
