import { execFileSync } from 'node:child_process';
import { decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import type { SummaryCopy } from '../../src/summaries/access.js';
import { createLinks, type UploadLink } from '../../src/web/links.js';

const SECRET = 'a secret of at least thirty-two characters';
const START = new Date('2026-11-20T15:42:00Z');
const LINK: Omit<UploadLink, 'expiresAt'> = {
  schoolId: 'example-primary',
  personId: '6d1f0c52-8a34-4f6e-9b1d-2c3e4f5a6b7c',
  target: { kind: 'draft', draftId: '0123456789abcdef01234567' },
};

const linksAt = (minutesLater = 0, secret = SECRET) =>
  createLinks({
    secret,
    publicUrl: 'https://policydesk.example.org',
    now: () => new Date(START.getTime() + minutesLater * 60_000),
  });
const tokenOf = (url: string) => url.slice('https://policydesk.example.org/evidence/'.length);

describe('an upload link', () => {
  it('leads to the upload page, and says for whom and what to whoever has the secret', async () => {
    const url = await linksAt().uploadLink(LINK);
    expect(url).toMatch(/^https:\/\/policydesk\.example\.org\/evidence\/[\w.-]{100,600}$/u);
    const read = await linksAt(29).readUpload(tokenOf(url));
    expect(read).toEqual({ ...LINK, expiresAt: new Date('2026-11-20T16:12:00Z') });
    const forCase = { ...LINK, target: { kind: 'case', reference: 'PD-7K3MZ0QX' } } as const;
    expect(await linksAt().readUpload(tokenOf(await linksAt().uploadLink(forCase)))).toMatchObject(forCase);
  });

  it('works in another process with the same secret', async () => {
    const script = `
      const { createLinks } = await import('./src/web/links.ts');
      const [secret, link] = JSON.parse(process.argv[1]);
      const links = createLinks({ secret, publicUrl: 'https://policydesk.example.org', now: () => new Date(${START.getTime()}) });
      process.stdout.write(await links.uploadLink(link));`;
    const args = ['--import', 'tsx', '--input-type=module', '-e', script, JSON.stringify([SECRET, LINK])];
    const url = execFileSync(process.execPath, args, { encoding: 'utf8' });
    expect(await linksAt().readUpload(tokenOf(url))).toMatchObject(LINK);
  });

  it('shows nothing of what is in it', async () => {
    const token = tokenOf(await linksAt().uploadLink(LINK));
    const parts = token.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    for (const word of [LINK.schoolId, LINK.personId, '0123456789abcdef', 'evidence', 'exp'])
      expect(parts.join(' ')).not.toContain(word);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'dir', enc: 'A256GCM' });
    expect(token).not.toBe(tokenOf(await linksAt().uploadLink(LINK)));
  });

  it('runs out after 30 minutes', async () => {
    const token = tokenOf(await linksAt().uploadLink(LINK));
    expect(await linksAt(30).readUpload(token)).toBeUndefined();
    expect(await linksAt(60 * 24 * 365).readUpload(token)).toBeUndefined();
  });

  it('opens with no other secret', async () => {
    const token = tokenOf(await linksAt().uploadLink(LINK));
    expect(await linksAt(0, `${SECRET}.`).readUpload(token)).toBeUndefined();
  });

  it('opens in no other spelling of the same bytes', async () => {
    const token = tokenOf(await linksAt().uploadLink(LINK));
    const [last] = token.slice(-1);
    const bytes = (text: string) => Buffer.from(text.split('.').at(-1) ?? '', 'base64url').toString('hex');
    const spellings = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
      .filter((letter) => letter !== last)
      .map((letter) => token.slice(0, -1) + letter)
      .filter((other) => bytes(other) === bytes(token));
    expect(spellings).toHaveLength(15);
    for (const other of [...spellings, `${token}=`, `${token} `, ` ${token}`, token.replace('.', '.\n'), `${token}==`])
      expect(await linksAt().readUpload(other), other).toBeUndefined();
  });

  it('opens with no letter changed, dropped or added', async () => {
    const token = tokenOf(await linksAt().uploadLink(LINK));
    const links = linksAt();
    for (let at = 0; at < token.length; at += 1) {
      const letter = token[at] === 'A' ? 'B' : 'A';
      if (token[at] !== '.')
        expect(await links.readUpload(token.slice(0, at) + letter + token.slice(at + 1)), `${at}`).toBeUndefined();
      expect(await links.readUpload(token.slice(0, at))).toBeUndefined();
    }
    for (const other of ['', '.', '....', 'x'.repeat(5000), `${token}.`, `${token}AAAA`, 'null', '__proto__'])
      expect(await links.readUpload(other)).toBeUndefined();
  });
});

describe('links to evidence, to all of a case and to a summary', () => {
  const CASE = { schoolId: LINK.schoolId, personId: LINK.personId, reference: 'PD-7K3MZ0QX' };
  const PIECE = { ...CASE, evidenceId: '0123456789abcdef' };
  const COPY: SummaryCopy = {
    ...{ schoolId: LINK.schoolId, personId: LINK.personId, summaryId: 'half_term-2026-08-31', edition: 'governors' },
    through: { chat: '19:example-primary-governors@thread.v2' },
  };
  const lastPart = (address: string) =>
    address
      .replace(/\/picture$/u, '')
      .split('/')
      .at(-1) ?? '';

  it('say for whom and what to whoever has the secret, and run out after ten minutes', async () => {
    const view = await linksAt().evidenceLink(PIECE);
    const all = await linksAt().exportLink(CASE);
    expect(view).toMatch(/^https:\/\/policydesk\.example\.org\/view\/[\w.-]{100,600}$/u);
    expect(all).toMatch(/^https:\/\/policydesk\.example\.org\/export\/[\w.-]{100,600}$/u);
    const expiresAt = new Date('2026-11-20T15:52:00Z');
    expect(await linksAt(9.9).readEvidence(lastPart(view))).toEqual({ ...PIECE, expiresAt });
    expect(await linksAt(9.9).readExport(lastPart(all))).toEqual({ ...CASE, expiresAt });
    expect(await linksAt(10).readEvidence(lastPart(view))).toBeUndefined();
    expect(await linksAt(10).readExport(lastPart(all))).toBeUndefined();
    for (const change of [{}, { edition: 'chair', through: 'own_chat' }] as const) {
      const summary = await linksAt().summaryLink({ ...COPY, ...change });
      expect(summary).toMatch(/^https:\/\/policydesk\.example\.org\/summary\/[\w.-]{100,600}$/u);
      expect(await linksAt(9.9).readSummary(lastPart(summary))).toEqual({ ...COPY, ...change, expiresAt });
      expect(await linksAt(10).readSummary(lastPart(summary))).toBeUndefined();
      expect(await linksAt(0, `${SECRET}.`).readSummary(lastPart(summary))).toBeUndefined();
    }
  });

  it('lead to a picture for as long as they work themselves', async () => {
    const link = await linksAt().readEvidence(lastPart(await linksAt().evidenceLink(PIECE)));
    const picture = await linksAt(9).pictureAddress(link ?? { ...PIECE, expiresAt: START });
    expect(picture).toMatch(/^\/view\/[\w.-]{100,600}\/picture$/u);
    expect(await linksAt(9.9).readPicture(lastPart(picture))).toEqual(link);
    expect(await linksAt(10).readPicture(lastPart(picture))).toBeUndefined();
  });

  it('open nothing but what they were made for', async () => {
    const links = linksAt();
    const expiresAt = new Date(START.getTime() + 600_000);
    const tokens = {
      readUpload: tokenOf(await links.uploadLink(LINK)),
      readEvidence: lastPart(await links.evidenceLink(PIECE)),
      readPicture: lastPart(await links.pictureAddress({ ...PIECE, expiresAt })),
      readExport: lastPart(await links.exportLink(CASE)),
      readSummary: lastPart(await links.summaryLink(COPY)),
    };
    const purposes = Object.keys(tokens) as (keyof typeof tokens)[];
    for (const made of purposes)
      for (const read of purposes)
        expect((await links[read](tokens[made])) !== undefined, `${made} by ${read}`).toBe(made === read);
  });
});
