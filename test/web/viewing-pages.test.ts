import { afterEach, describe, expect, inject, it } from 'vitest';
import { faultsInCase } from '../../src/reports/verify.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { caseRecords } from '../../src/storage/case-table.js';
import { evidenceProperties } from '../../src/storage/evidence-row.js';
import { openTables } from '../../src/storage/tables.js';
import { createLinks } from '../../src/web/links.js';
import { hex, sha256 } from '../support/reports.js';
import { ALEX, BETH, DANIEL, HELEN, RUTH } from '../support/staff.js';
import { StorageProxy } from '../support/storage-proxy.js';
import { LINK_SECRET } from '../support/uploads.js';
import { aKeptPdf, aKeptPicture, startViewing, type ViewingOptions, type Viewings } from '../support/viewing.js';

const STALE = 'This link has run out, or opens nothing. Go back to Teams and open it from the report again.';

let viewing: Viewings;
afterEach(async () => {
  await viewing.server.stop();
  // Whatever was looked at, the case is sound, and nothing of it or of anybody is in the log.
  const logged = viewing.logged();
  for (const word of ['Helen', 'Achebe', HELEN.id, viewing.report.reporter.personId, 'facebook', 'eyJ'])
    expect(logged).not.toContain(word);
});

const start = async (options?: ViewingOptions) => {
  viewing = await startViewing(options);
  return viewing;
};
const press = (address: string, headers: Record<string, string> = {}) => fetch(address, { method: 'POST', headers });
const pictureIn = (page: string) => /<img src="(\/view\/[^"]+)" alt="Evidence/u.exec(page)?.[1] ?? 'none';
const at = (path: string) => new URL(path, viewing.server.address).href;
const look = (what: string, evidence = viewing.files[0]?.evidence.id) => ({ kind: 'evidence_viewed', evidence, what });

/** What the answer says, when it is one sentence. */
const sentence = async (response: Response) => /<h1 class="only">([^<]*)<\/h1>/u.exec(await response.text())?.[1];

async function expectStale(response: Response): Promise<void> {
  expect([response.status, await sentence(response)]).toEqual([410, STALE]);
}

/** What the log says, as `npm run verify` checks it. */
async function faults(): Promise<readonly string[]> {
  const { reference, schoolId } = viewing.report;
  for await (const record of caseRecords(openTables({ connectionString: inject('storage') })).named(
    reference,
    schoolId,
  ))
    return faultsInCase(record, viewing.store);
  return ['There is no such case.'];
}

describe('a link to evidence', () => {
  it('opens a page that says what it is about, for whom and until when, and nothing more', async () => {
    const { link, report, files, happened } = await start();
    const address = await link();
    const response = await fetch(address);
    expect(response.status).toBe(200);
    const page = await response.text();
    expect(page).toContain(`<h1>Evidence 1 of ${report.reference}</h1>`);
    expect(page).toMatch(/made for <strong>Helen Achebe<\/strong> and works until \d\d:\d\d\./u);
    expect(page).toContain('<button class="main" type="submit">Show the picture</button>');
    expect(page).toContain('<title>Policy Desk</title>');
    expect(page).not.toMatch(/<img src="\/view/u);
    for (const word of [files[0]?.evidence.sha256, 'Friends of the school', 'Alex', report.answers.words, HELEN.id])
      expect(page).not.toContain(word);
    expect(await happened()).toEqual([]);
  });

  it('counts no look for robots that preview or check it, however often and in whatever way', async () => {
    const { link, happened } = await start();
    const address = await link();
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT'])
      for (const agent of ['SkypeUriPreview Preview/0.5', 'Mozilla/5.0 (compatible; Outlook SafeLinks)'])
        await fetch(address, { method, headers: { 'user-agent': agent } });
    expect((await fetch(address, { method: 'HEAD' })).status).toBe(200);
    for (const path of ['/picture', '/original']) {
      expect((await fetch(address + path)).status).toBeGreaterThanOrEqual(400);
      expect((await fetch(address + path, { method: 'HEAD' })).status).toBeGreaterThanOrEqual(400);
    }
    expect(await happened()).toEqual([]);
    expect((await press(address)).status).toBe(200);
    expect(await happened()).toEqual([look('viewing_copy')]);
  });

  it('shows the viewing copy and what is known of it, and notes one look at it', async () => {
    const { link, files, report, happened, stored } = await start();
    const [file] = files;
    const response = await press(await link());
    expect(response.status).toBe(200);
    const page = await response.text();
    expect(page).toContain(`<h1>Evidence 1 of ${report.reference}</h1>`);
    for (const fact of [
      'Fri 20 Nov 2026, 15:40',
      'Facebook, Friends of the school',
      'Fri 20 Nov 2026, 15:44',
      'Alex Morgan, the reporter',
      `PNG picture, ${Math.round((file?.original.length ?? 0) / 1024)} KB`,
      file?.evidence.sha256,
    ])
      expect(page).toContain(fact);
    expect(page).toContain('Please do not copy or forward');
    expect(await happened()).toEqual([look('viewing_copy')]);
    const { by, at: when } = (await stored()).case.log.at(-1) ?? {};
    expect(by).toEqual({ personId: HELEN.id });
    expect(Math.abs(Date.now() - Number(when))).toBeLessThan(60_000);

    const picture = await fetch(at(pictureIn(page)));
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect(sha256(new Uint8Array(await picture.arrayBuffer()))).toBe(file?.evidence.viewing?.sha256);
    expect((await fetch(at(pictureIn(page)))).status).toBe(200);
    expect(await happened()).toEqual([look('viewing_copy')]);
    expect(await faults()).toEqual([]);
  });

  it('lets the original be saved, byte for byte and never shown, and notes that as another look', async () => {
    const { link, files, report, happened } = await start();
    for (const [number, type, end] of [
      [0, 'image/png', 'png'],
      [1, 'application/pdf', 'pdf'],
    ] as const) {
      const response = await press(`${await link(number)}/original`);
      expect(response.status).toBe(200);
      const { headers } = response;
      expect(headers.get('content-type')).toBe(type);
      expect(headers.get('content-disposition')).toBe(
        `attachment; filename="${report.reference}-evidence-${number + 1}.${end}"`,
      );
      expect([headers.get('x-content-type-options'), headers.get('cache-control')]).toEqual(['nosniff', 'no-store']);
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(bytes.equals(files[number]?.original ?? Buffer.alloc(0))).toBe(true);
      expect(headers.get('content-length')).toBe(String(bytes.length));
    }
    expect(await happened()).toEqual([look('original'), look('original', files[1]?.evidence.id)]);
    expect(await faults()).toEqual([]);
  });

  it('says that a PDF has no picture, offers the original, and notes no look at what was not shown', async () => {
    const { link, happened } = await start();
    expect(await (await fetch(await link(1))).text()).toContain('It is a PDF.');
    const page = await (await press(await link(1))).text();
    expect(page).toContain('of a PDF there is no picture to look at here');
    expect(page).toContain('Download the original');
    expect(page).not.toMatch(/<img src="\/view|<script/u);
    expect(await happened()).toEqual([]);
  });

  it('carries these headers and loads only its own', async () => {
    const { link } = await start();
    const address = await link();
    for (const response of [await fetch(address), await press(address)]) {
      const page = await response.text();
      expect(response.headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      );
      for (const [name, value] of [
        ['cache-control', 'no-store'],
        ['referrer-policy', 'no-referrer'],
        ['x-content-type-options', 'nosniff'],
        ['x-frame-options', 'DENY'],
        ['x-robots-tag', 'noindex, nofollow'],
        ['cross-origin-resource-policy', 'same-origin'],
      ] as const)
        expect(response.headers.get(name)).toBe(value);
      expect(page).not.toMatch(/<style|<script>|\sstyle=|\son[a-z]+=|javascript:/iu);
      const loaded = [...page.matchAll(/(?:src|href)="([^"]+)"/gu)].map(([, path = '']) => path);
      for (const path of loaded) expect((await fetch(at(path))).status, path).toBe(200);
      expect(loaded.every((path) => /^\/(?:assets|view)\//u.test(path))).toBe(true);
    }
  });

  it('takes hostile text for text', async () => {
    const seenWhere = `"><img src=x onerror=alert(1)><script>alert('x')</script>&amp;{{1}}`;
    const reporter = { personId: ALEX.id, name: '<b onclick="x">Alex</b>' };
    const { link } = await start({ files: [await aKeptPicture(2, { seenWhere })], report: { reporter } });
    const page = await (await press(await link())).text();
    expect(page).toContain('&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&lt;script&gt;alert(&#39;x&#39;)');
    expect(page).toContain('&lt;b onclick=&quot;x&quot;&gt;Alex&lt;/b&gt;, the reporter');
    expect(page).not.toMatch(/<script>|<b onclick/u);
  });

  it('warns before a picture is shown of a report that is on a child’s safety by now', async () => {
    const { link, happens } = await start();
    expect(await (await fetch(await link())).text()).not.toContain('child’s safety');
    await happens({ kind: 'category_changed', from: 'disparaging_post', to: 'child_safety', reason: 'A threat' });
    const page = await (await fetch(await link())).text();
    expect(page).toContain('This report is on a child’s safety');
    expect(page.indexOf('do not open it')).toBeLessThan(page.indexOf('Show the picture'));
  });
});

describe('who may look', () => {
  it('is who may read the case, and the reporter’s name is for those alone for whom it was meant', async () => {
    const { link, happened, stored } = await start();
    // The reporter's name is for the Headteacher alone.
    const deputys = await (await press(await link(0, DANIEL.id))).text();
    expect(deputys).toContain('<dd>The reporter</dd>');
    expect(deputys).not.toContain('Alex Morgan');
    expect(deputys).toContain('made for <strong>Daniel Hughes</strong>');
    expect((await stored()).case.log.at(-1)?.by).toEqual({ personId: DANIEL.id });
    for (const personId of [BETH.id, RUTH.id, `${hex(8)}-0000-4000-8000-${hex(12)}`]) {
      await expectStale(await fetch(await link(0, personId)));
      await expectStale(await press(await link(0, personId)));
      await expectStale(await press(`${await link(0, personId)}/original`));
    }
    expect(await happened()).toEqual([look('viewing_copy')]);
    const refused = viewing
      .logged()
      .split('\n')
      .filter((line) => line.includes('triage.refused'));
    expect(refused).toHaveLength(9);
  });

  it('ends for someone who is recused after the link was made, also for a page that is open', async () => {
    const { link, happens, happened } = await start();
    const address = await link();
    const page = await (await press(address)).text();
    const before = await happened();
    const route = {
      way: 'headteacher_channel',
      people: [],
      channel: true,
      lado: false,
      recused: [HELEN.id.toUpperCase()],
    } as const;
    await happens({ kind: 'rerouted', unreachable: [], route, firstDelivery: 2 });
    await expectStale(await fetch(address));
    await expectStale(await press(address));
    await expectStale(await fetch(at(pictureIn(page))));
    await expectStale(await press(`${address}/original`));
    expect(await happened()).toHaveLength(before.length + 1);
    expect((await fetch(await link(0, DANIEL.id))).status).toBe(200);
  });

  it('ends for someone who leaves the school’s profile', async () => {
    const { link, schools, school, happened } = await start();
    const address = await link();
    const people = school.profile.people.filter(({ id }) => id !== HELEN.id);
    schools[0] = { ...school, profile: { ...school.profile, people } };
    await expectStale(await press(address));
    schools.length = 0;
    await expectStale(await press(address));
    expect(await happened()).toEqual([]);
  });
});

describe('a link that opens nothing', () => {
  it('has run out after ten minutes, with the page it opened', async () => {
    const { link, later, happened } = await start();
    const address = await link();
    later(9.9);
    const page = await (await press(address)).text();
    expect((await fetch(at(pictureIn(page)))).status).toBe(200);
    // The page gives way to word that the link has run out.
    const [, seconds, next] = /<meta http-equiv="refresh" content="(\d+); url=([^"]+)">/u.exec(page) ?? [];
    expect(Number(seconds)).toBeLessThanOrEqual(8);
    expect(address.endsWith(next ?? 'none')).toBe(true);
    later(0.1);
    await expectStale(await fetch(address));
    await expectStale(await press(address));
    await expectStale(await fetch(at(pictureIn(page))));
    await expectStale(await press(`${address}/original`));
    expect(await happened()).toHaveLength(1);
  });

  it('is altered, sealed with another secret, or made for another purpose', async () => {
    const { link, links, server, report, files, happened, exportLink } = await start();
    const address = await link();
    const other = createLinks({ secret: `${LINK_SECRET}!`, publicUrl: server.address, now: () => new Date() });
    const [schoolId, personId, reference] = [report.schoolId, HELEN.id, report.reference];
    const evidenceId = files[0]?.evidence.id ?? '';
    const upload = await links.uploadLink({ schoolId, personId, target: { kind: 'case', reference } });
    const tokens = [
      `${address.slice(0, -5)}AAAAA`,
      await other.evidenceLink({ schoolId, personId, reference, evidenceId }),
      upload.replace('/evidence/', '/view/'),
      (await exportLink()).replace('/export/', '/view/'),
      `${server.address}/view/x`,
    ];
    const page = await (await press(address)).text();
    tokens.push(at(pictureIn(page)).replace(/\/picture$/u, ''));
    for (const token of tokens) {
      await expectStale(await fetch(token));
      await expectStale(await press(token));
      await expectStale(await press(`${token}/original`));
      if (!token.includes(pictureIn(page).slice(0, -8))) await expectStale(await fetch(`${token}/picture`));
    }
    await expectStale(await fetch(`${address}/picture`));
    expect(await happened()).toHaveLength(1);
  });

  it('leads to another school, another case or another file, and tells none of them apart', async () => {
    const { links, report, files } = await start();
    const right = { schoolId: report.schoolId, personId: HELEN.id, reference: report.reference };
    const evidenceId = files[0]?.evidence.id ?? '';
    for (const change of [
      { schoolId: 'example-primary' },
      { reference: 'PD-00000000' },
      { reference: '../case' },
      { evidenceId: hex(16) },
      { evidenceId: 'case' },
    ]) {
      const address = await links.evidenceLink({ ...right, evidenceId, ...change });
      await expectStale(await fetch(address));
      await expectStale(await press(address));
      await expectStale(await press(`${address}/original`));
    }
  });

  it('is pressed by another site in a visitor’s browser', async () => {
    const { link, happened } = await start();
    const address = await link();
    const foreign: Record<string, string>[] = [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://example.org' }];
    for (const headers of foreign) {
      const response = await press(address, headers);
      expect([response.status, await sentence(response)]).toEqual([403, expect.stringContaining('another page')]);
      expect((await press(`${address}/original`, headers)).status).toBe(403);
    }
    expect(await happened()).toEqual([]);
  });
});

describe('what is not sound is not shown', () => {
  const blob = async (name: 'original' | 'viewing') => {
    const { report, files } = viewing;
    const path = `${report.schoolId}/${report.reference}/${files[0]?.evidence.id}${name === 'viewing' ? '.view' : ''}`;
    return openBlobs({ connectionString: inject('storage') })
      .container('evidence')
      .use(async (client) => client.getBlockBlobClient(path));
  };

  it('when the bytes are others or are gone: neither shown nor noted, and told to whoever runs it', async () => {
    const { link, happened, report, files } = await start();
    const address = await link();
    const page = await (await press(address)).text();
    const damaged = async (response: Response) =>
      expect([response.status, await sentence(response)]).toEqual([
        500,
        expect.stringMatching(new RegExp(`^This file is damaged: .+ Quote ${report.reference}\\.$`, 'u')),
      ]);
    const other = files[1]?.original ?? Buffer.alloc(0);
    await (await blob('viewing')).upload(other, other.length);
    await damaged(await fetch(at(pictureIn(page))));
    await damaged(await press(address));
    await (await blob('viewing')).delete();
    await damaged(await press(address));
    await (await blob('original')).upload(other, other.length);
    await damaged(await press(`${address}/original`));
    expect(await happened()).toEqual([look('viewing_copy')]);
    const lines = viewing
      .logged()
      .split('\n')
      .filter((line) => line.includes('evidence.damaged'));
    expect(lines).toHaveLength(4);
    expect(lines[0]).toContain(report.reference);
  });

  it('when its row says something else than the case log', async () => {
    const { link, report, files, happened } = await start();
    const address = await link();
    const { evidence } = files[0] ?? aKeptPdf();
    const table = await openTables({ connectionString: inject('storage') })
      .table('Cases')
      .client();
    const [partitionKey, rowKey] = [`${report.schoolId}~${report.reference}`, `evidence~${evidence.id}`];
    await table.updateEntity({ partitionKey, rowKey, ...evidenceProperties({ ...evidence, seenWhere: 'Elsewhere' }) });
    expect((await press(address)).status).toBe(500);
    expect((await press(`${address}/original`)).status).toBe(500);
    expect(await happened()).toEqual([]);
  });

  it('when the look cannot be noted', async () => {
    const proxy = await StorageProxy.start(inject('storage'));
    const { link, happened } = await start({ tables: proxy.through(inject('storage')) });
    const address = await link();
    const page = await (await press(address)).text();
    proxy.weather = 'down';
    for (const response of [
      await press(address),
      await press(`${address}/original`),
      await fetch(at(pictureIn(page))),
    ]) {
      expect(response.status).toBe(503);
      const [reference] = /ERR-[0-9A-Z]{8}/u.exec((await sentence(response)) ?? '') ?? ['none'];
      expect(viewing.logged()).toContain(reference);
    }
    proxy.weather = 'fair';
    expect(await happened()).toEqual([look('viewing_copy')]);
    expect((await press(address)).status).toBe(200);
    await proxy.stop();
  }, 60_000);
});

describe('many at once', () => {
  it('are all noted, each once, also while others change the case', async () => {
    const { link, happened, happens } = await start();
    const addresses = await Promise.all([HELEN.id, DANIEL.id, ALEX.id, HELEN.id].map((id) => link(0, id)));
    const looks = addresses.map((address) => press(address));
    for (const words of ['One', 'Two', 'Three']) await happens({ kind: 'note_added', words });
    expect((await Promise.all(looks)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const seen = (await happened()).filter(({ kind }) => kind === 'evidence_viewed');
    expect(seen).toHaveLength(4);
    expect(await happened()).toHaveLength(7);
    expect(await faults()).toEqual([]);
  });

  it('wait for a place, and are told when there is none', async () => {
    const proxy = await StorageProxy.start(inject('storage'));
    const { link, happened } = await start({
      limits: { atOnce: 1, mostWaiting: 1 },
      tables: proxy.through(inject('storage')),
    });
    const address = await link();
    const release = proxy.hold();
    const looks = [1, 2, 3].map(() => press(address));
    const busy = await Promise.race(looks);
    expect([busy.status, busy.headers.get('retry-after'), await sentence(busy)]).toEqual([
      503,
      '5',
      expect.stringContaining('try again in a few seconds'),
    ]);
    release();
    expect((await Promise.all(looks)).map(({ status }) => status).toSorted()).toEqual([200, 200, 503]);
    expect(await happened()).toHaveLength(2);
    await proxy.stop();
  });
});
