import restify, { type Server } from 'restify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportZip } from '../../src/export/case-export.js';
import { createLinks, type Links } from '../../src/web/links.js';
import { type RunningServer, startServer } from '../../src/web/server.js';
import { Grounds, idOf, type Letter } from '../support/authority.js';
import { freePorts } from '../support/ports.js';
import { aDraft, anAnswers, hex, newReference } from '../support/reports.js';
import { digestOfStore } from '../support/store-digest.js';
import { SENT } from '../support/summary-downloads.js';
import { LINK_SECRET } from '../support/uploads.js';
import { caseOf, draftOf, NOVEMBER, reporterIn, type Subject, summaryOf } from './subjects.js';

/** Every page and request that a link opens, with the purpose of the link that it takes. */
const ROUTES = {
  'GET /evidence/:token': 'upload',
  'POST /evidence/:token': 'upload',
  'POST /evidence/:token/files': 'upload',
  'POST /evidence/:token/files/:id': 'upload',
  'GET /view/:token': 'evidence',
  'HEAD /view/:token': 'evidence',
  'POST /view/:token': 'evidence',
  'GET /view/:token/picture': 'picture',
  'POST /view/:token/original': 'evidence',
  'GET /export/:token': 'export',
  'HEAD /export/:token': 'export',
  'POST /export/:token': 'export',
  'GET /summary/:token': 'summary',
  'HEAD /summary/:token': 'summary',
  'POST /summary/:token/pdf': 'summary',
  'POST /summary/:token/csv': 'summary',
} as const;
/** Those that take no link. */
const OPEN_ROUTES = ['GET /healthz', 'GET /readyz', 'POST /api/messages'];
const PURPOSES = ['upload', 'evidence', 'picture', 'export', 'summary'] as const;
type Purpose = (typeof PURPOSES)[number];

let grounds: Grounds;
let server: RunningServer;
let web: Server;
let minutes = 0;
let linksWith: (secret: string) => Links;
let draft: Subject;
let current: Subject;
let summary: Subject;
const now = () => new Date(NOVEMBER.getTime() + minutes * 60_000);

beforeAll(async () => {
  grounds = await Grounds.open({ now });
  const [port] = [await freePorts(1)];
  const publicUrl = `http://127.0.0.1:${port}`;
  linksWith = (secret) => createLinks({ secret, publicUrl, now });
  const links = linksWith(LINK_SECRET);
  const { parts } = grounds.bot;
  const { cases, files, intake, drafts } = parts.reports;
  const real = restify.createServer;
  restify.createServer = (options) => {
    web = real(options);
    return web;
  };
  const looks = { links, schools: grounds.schools, cases, log: parts.log, now };
  server = await startServer(
    {
      ...{ receive: async () => ({ status: 200 }), condition: async () => [], log: parts.log },
      evidence: {
        ...{ links, intake, log: parts.log, now },
        describe: async (owner, target, id, seen) =>
          target.kind === 'draft' && (await drafts.describeEvidence(owner, target.draftId, id, seen)) !== undefined,
      },
      viewing: { ...looks, files },
      exports: { ...looks, exportZip: exportZip({ files, now }) },
      summaries: {
        ...{ links, schools: grounds.schools, summaries: grounds.bot.summaries, log: parts.log, now },
        documents: { read: async () => undefined },
        drawDocument: async () => Buffer.from('figures'),
        governorsChatOf: async (school) => school.profile.teams.governorsChat.id,
      },
    },
    '127.0.0.1',
    port,
  );
  restify.createServer = real;
  [current, summary] = [await caseOf(grounds), await summaryOf(grounds, SENT)];
  draft = await draftOf(grounds);
});
afterAll(async () => {
  await server.stop();
  await grounds.close();
});

/** A link's token for each purpose, made for the one who may use it unless for somebody else. */
async function tokens(
  change: { by?: Letter; schoolId?: string; secret?: string } = {},
): Promise<Record<Purpose, string>> {
  const { schoolId = grounds.schoolId, secret = LINK_SECRET } = change;
  const links = linksWith(secret);
  const personId = idOf(change.by ?? 'H');
  const { reference } = current;
  const piece = { schoolId, personId, reference, evidenceId: hex(16) };
  const target = { kind: 'draft', draftId: draft.draftId } as const;
  const addresses: Record<Purpose, string> = {
    upload: await links.uploadLink({ schoolId, personId: idOf(change.by ?? 'R'), target }),
    evidence: await links.evidenceLink(piece),
    picture: (await links.pictureAddress({ ...piece, expiresAt: new Date(now().getTime() + 600_000) })).replace(
      '/picture',
      '',
    ),
    export: await links.exportLink({ schoolId, personId, reference }),
    summary: await links.summaryLink({
      schoolId,
      personId,
      summaryId: summary.summaryId,
      edition: 'governors',
      through: 'own_chat',
    }),
  };
  return Object.fromEntries(PURPOSES.map((purpose) => [purpose, addresses[purpose].split('/').at(-1) ?? ''])) as Record<
    Purpose,
    string
  >;
}

const routes = Object.entries(ROUTES) as [keyof typeof ROUTES, Purpose][];

async function ask(route: string, token: string): Promise<{ status: number; text: string }> {
  const [method = '', path = ''] = route.split(' ');
  const isFile = path.endsWith('/files');
  const isDescription = path.endsWith('/:id');
  const response = await fetch(server.address + path.replace(':token', token).replace(':id', hex(16)), {
    method,
    ...(method === 'POST' && {
      body: isDescription ? '{"seenWhere":"x"}' : isFile ? 'x' : undefined,
      headers: {
        'content-type': isFile ? 'application/octet-stream' : isDescription ? 'application/json' : 'text/plain',
      },
    }),
    redirect: 'manual',
  });
  return { status: response.status, text: await response.text() };
}

/** One and the same answer to everything that opens nothing, which says nothing of what it was for. */
async function expectClosed(token: string, on = routes): Promise<void> {
  for (const [route] of on) {
    const { status, text } = await ask(route, token);
    // The page's script is told in its own way.
    const isTold = status === 200 && /^\{"(?:outcome":"refused"|saved":false)/u.test(text);
    expect(isTold || [400, 404, 405, 410, 414].includes(status), `${route} ${token.slice(0, 60)}: ${status}`).toBe(
      true,
    );
    expect(text).not.toMatch(/wombat|PD-|Rosalind|Hermione|figures|half_term/u);
  }
}

describe('the table of pages', () => {
  it('has every route that the server has', () => {
    const found = Object.values(web.router.getRoutes()).map(
      ({ spec: { method, path } }) => `${method} ${String(path)}`,
    );
    const assets = /\.(?:js|css|svg|png|ico)$/u;
    expect(found.filter((route) => !assets.test(route)).toSorted()).toEqual(
      [...Object.keys(ROUTES), ...OPEN_ROUTES].toSorted(),
    );
  });

  it('opens each with a link of its own purpose, and with none of another', async () => {
    const made = await tokens();
    const before = await digestOfStore(grounds.schoolId);
    for (const purpose of PURPOSES)
      await expectClosed(
        made[purpose],
        routes.filter(([, wanted]) => wanted !== purpose),
      );
    expect(await digestOfStore(grounds.schoolId)).toBe(before);
    for (const route of ['GET /evidence/:token', 'GET /export/:token', 'GET /summary/:token'] as const)
      expect((await ask(route, made[ROUTES[route]])).status, route).toBe(200);
  });
});

describe('a link opens nothing', () => {
  it.each<[string, () => Promise<Record<Purpose, string>>]>([
    ['of another secret', () => tokens({ secret: 'another secret of at least thirty-two characters' })],
    ['of another school', () => tokens({ schoolId: grounds.otherSchool.profile.id })],
    ['of no school', () => tokens({ schoolId: 'no-such-school' })],
    ['for one of the staff', () => tokens({ by: 'S' })],
    ['for the administrator', () => tokens({ by: 'A' })],
    ['for somebody in no profile', () => tokens({ by: 'u' })],
    ['for another Headteacher', () => tokens({ by: 'o' })],
  ])('%s', async (_, made) => {
    const before = await digestOfStore(grounds.schoolId);
    const all = await made();
    for (const [route, purpose] of routes) await expectClosed(all[purpose], [[route, purpose]]);
    expect(await digestOfStore(grounds.schoolId)).toBe(before);
  });

  it('that was altered in any of its parts, cut short or put together from two', async () => {
    const [made, others] = [await tokens(), await tokens({ by: 'S' })];
    for (const purpose of PURPOSES) {
      const own = routes.filter(([, wanted]) => wanted === purpose).slice(0, 1);
      const parts = made[purpose].split('.');
      const foreign = others[purpose].split('.');
      for (const [at, part] of parts.entries()) {
        const flipped = part === '' ? 'AAAA' : (part[0] === 'A' ? 'B' : 'A') + part.slice(1);
        await expectClosed(parts.with(at, flipped).join('.'), own);
        if (foreign[at] !== part) await expectClosed(parts.with(at, foreign[at] ?? '').join('.'), own);
      }
      for (const length of [1, 40, made[purpose].length - 1]) await expectClosed(made[purpose].slice(0, length), own);
    }
  });

  it.each([
    '..',
    '%2e%2e',
    '..%2f..%2fhealthz',
    '%00',
    '%',
    '%ff',
    'null',
    '__proto__',
    'constructor',
    'x'.repeat(2_100),
  ])('of the form %j', async (token) => expectClosed(token, routes));

  it('behind tricks of the path', async () => {
    const { summary: token } = await tokens();
    for (const path of [
      `/view/../summary/${token}/pdf`,
      `/summary/${token}/../../export/x`,
      `//summary/${token}/PDF`,
      `/summary/${token};a=1/pdf`,
      `/summary/${token}%2fpdf`,
    ]) {
      const response = await fetch(server.address + path, { method: 'POST', redirect: 'manual' });
      const text = await response.text();
      if (path.startsWith('/view/../')) continue;
      expect(text, path).not.toContain('figures');
    }
  });

  it('that has run out', async () => {
    const made = await tokens();
    minutes += 31;
    for (const [route, purpose] of routes) await expectClosed(made[purpose], [[route, purpose]]);
  });

  it('to a draft once another is written, or to a report once it is withdrawn', async () => {
    const { upload: old } = await tokens();
    const { drafts } = grounds.bot.reports;
    const open = await drafts.open(reporterIn(grounds));
    if (open) await drafts.finish(open, null, now());
    await drafts.create(aDraft(grounds.schoolId, { personId: idOf('R'), answers: anAnswers() }));
    await expectClosed(
      old,
      routes.filter(([route]) => route.startsWith('GET /evidence')),
    );
    expect((await ask('POST /evidence/:token/files', old)).text).not.toContain('"outcome":"added"');
    const links = linksWith(LINK_SECRET);
    const ofCase = await links.uploadLink({
      ...reporterIn(grounds),
      target: { kind: 'case', reference: current.reference },
    });
    const token = ofCase.split('/').at(-1) ?? '';
    expect((await ask('GET /evidence/:token', token)).status).toBe(200);
    await grounds.press('R', 'own chat', 'case.withdraw', { reference: current.reference, reason: 'A mistake' });
    await expectClosed(
      token,
      routes.filter(([route]) => route.startsWith('GET /evidence')),
    );
    const others = await links.uploadLink({
      ...reporterIn(grounds),
      target: { kind: 'case', reference: newReference() },
    });
    await expectClosed(
      others.split('/').at(-1) ?? '',
      routes.filter(([route]) => route.startsWith('GET /evidence')),
    );
  });

  it('for somebody who has lost the role for which it was made', async () => {
    const made = await tokens();
    const { school, schools } = grounds;
    expect((await ask('GET /export/:token', made.export)).status).toBe(200);
    const people = school.profile.people.map((one) =>
      one.id === idOf('H') ? { ...one, roles: ['staff' as const] } : one,
    );
    schools[0] = { ...school, profile: { ...school.profile, people } };
    const before = await digestOfStore(grounds.schoolId);
    for (const [route, purpose] of routes)
      if (purpose !== 'upload') await expectClosed(made[purpose], [[route, purpose]]);
    expect(await digestOfStore(grounds.schoolId)).toBe(before);
    schools[0] = school;
  });
});
