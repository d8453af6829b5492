import { hkdfSync } from 'node:crypto';
import { EncryptJWT, type JWTPayload, jwtDecrypt } from 'jose';
import { z } from 'zod/v4';
import type { EvidenceTarget } from '../reports/evidence-intake.js';
import type { SummaryCopy } from '../summaries/access.js';
import { EDITIONS } from '../summaries/summary.js';

/** An upload page is needed at once or not at all; whoever finds the link later finds nothing. */
const UPLOAD_MINUTES = 30;
/** Long enough to open what a card offers, short enough that a link in a history or a forwarded message opens nothing. */
const LOOK_MINUTES = 10;
/** Ours are about 400 characters; anything much longer is not decrypted at all. */
export const LONGEST_TOKEN = 2048;

/** Who adds evidence to what, as an upload link says. */
export interface UploadLink {
  readonly schoolId: string;
  /** Entra object id. */
  readonly personId: string;
  readonly target: EvidenceTarget;
  readonly expiresAt: Date;
}

/** Who may take a copy of all of a case, as an export link says. */
export interface ExportLink {
  readonly schoolId: string;
  /** Entra object id of the one person it was made for. */
  readonly personId: string;
  readonly reference: string;
  readonly expiresAt: Date;
}

/** Who looks at which piece of evidence, as a link to the viewing page says. */
export interface EvidenceLink extends ExportLink {
  readonly evidenceId: string;
}

/** Who may take a copy of which summary, as a link to its documents says. */
export interface SummaryLink extends SummaryCopy {
  readonly expiresAt: Date;
}

/** Links to pages of Policy Desk that work for a while, for one purpose, without an account. */
export interface Links {
  /** The address of an upload page, such as `https://policydesk.example.org/evidence/eyJ…`; it works for 30 minutes. */
  uploadLink(link: Omit<UploadLink, 'expiresAt'>): Promise<string>;
  /** @returns `undefined` for a link that has run out, was altered, made with another secret or for another purpose. */
  readUpload(token: string): Promise<UploadLink | undefined>;
  /** The address of the page that shows a piece of evidence, such as `https://policydesk.example.org/view/eyJ…`, for 10 minutes. */
  evidenceLink(link: Omit<EvidenceLink, 'expiresAt'>): Promise<string>;
  /** As `readUpload`. */
  readEvidence(token: string): Promise<EvidenceLink | undefined>;
  /** The address of the page that offers all of a case, such as `https://policydesk.example.org/export/eyJ…`, for 10 minutes. */
  exportLink(link: Omit<ExportLink, 'expiresAt'>): Promise<string>;
  /** As `readUpload`. */
  readExport(token: string): Promise<ExportLink | undefined>;
  /** The address of the page that offers a summary's documents, such as `https://policydesk.example.org/summary/eyJ…`, for 10 minutes. */
  summaryLink(link: SummaryCopy): Promise<string>;
  /** As `readUpload`. */
  readSummary(token: string): Promise<SummaryLink | undefined>;
  /**
   * The address of the picture alone, without the origin, for a page that was opened with a link; it runs out when that does. A
   * page's own link opens no picture, and a picture's no page: nobody gets to the picture but by way of a look that was noted.
   */
  pictureAddress(link: EvidenceLink): Promise<string>;
  /** As `readUpload`. */
  readPicture(token: string): Promise<EvidenceLink | undefined>;
  /** Scheme, host and port of every link, as browsers send it in `Origin`. */
  readonly origin: string;
}

export interface LinkParts {
  /** The same in every process; at least 32 characters. */
  readonly secret: string;
  /** An origin, without a path. */
  readonly publicUrl: string;
  readonly now: () => Date;
}

const uploadClaims = z.object({
  school: z.string().min(1),
  person: z.string().min(1),
  target: z.union([
    z.object({ kind: z.literal('draft'), draftId: z.string().min(1) }),
    z.object({ kind: z.literal('case'), reference: z.string().min(1) }),
  ]),
  exp: z.number(),
});
const exportClaims = z.object({
  school: z.string().min(1),
  person: z.string().min(1),
  case: z.string().min(1),
  exp: z.number(),
});
const summaryClaims = z.object({
  school: z.string().min(1),
  person: z.string().min(1),
  summary: z.string().min(1),
  edition: z.enum(EDITIONS),
  through: z.union([z.literal('own_chat'), z.object({ chat: z.string().min(1) })]),
  exp: z.number(),
});
const evidenceClaims = exportClaims.extend({ evidence: z.string().min(1) });

/**
 * Makes and reads links. What a link is about is encrypted, not only signed: addresses end up in browser histories and in the
 * logs of proxies, and a person's Entra object id is personal data.
 */
export function createLinks({ secret, publicUrl, now }: LinkParts): Links {
  const { origin } = new URL(publicUrl);
  const uploads = sealFor('evidence-upload', secret, now);
  const views = sealFor('evidence-view', secret, now);
  const pictures = sealFor('evidence-picture', secret, now);
  const exports = sealFor('case-export', secret, now);
  const summaries = sealFor('summary', secret, now);
  const inMinutes = (minutes: number) => new Date(now().getTime() + minutes * 60_000);
  return {
    origin,
    uploadLink: async ({ schoolId, personId, target }) =>
      `${origin}/evidence/${await uploads.seal({ school: schoolId, person: personId, target }, inMinutes(UPLOAD_MINUTES))}`,
    readUpload: async (token) => {
      const { data } = uploadClaims.safeParse(await uploads.open(token));
      return (
        data && {
          ...{ schoolId: data.school, personId: data.person, target: data.target },
          expiresAt: new Date(data.exp * 1000),
        }
      );
    },
    evidenceLink: async (link) => `${origin}/view/${await views.seal(claimsOf(link), inMinutes(LOOK_MINUTES))}`,
    readEvidence: async (token) => evidenceLinkOf(await views.open(token)),
    pictureAddress: async (link) => `/view/${await pictures.seal(claimsOf(link), link.expiresAt)}/picture`,
    readPicture: async (token) => evidenceLinkOf(await pictures.open(token)),
    exportLink: async ({ schoolId, personId, reference }) => {
      const claims = { school: schoolId, person: personId, case: reference };
      return `${origin}/export/${await exports.seal(claims, inMinutes(LOOK_MINUTES))}`;
    },
    readExport: async (token) => {
      const { data } = exportClaims.safeParse(await exports.open(token));
      return data && exportLinkOf(data);
    },
    summaryLink: async ({ schoolId, personId, summaryId, edition, through }) => {
      const claims = { school: schoolId, person: personId, summary: summaryId, edition, through };
      return `${origin}/summary/${await summaries.seal(claims, inMinutes(LOOK_MINUTES))}`;
    },
    readSummary: async (token) => summaryLinkOf(await summaries.open(token)),
  };
}

const claimsOf = ({ schoolId, personId, reference, evidenceId }: Omit<EvidenceLink, 'expiresAt'>): JWTPayload => ({
  ...{ school: schoolId, person: personId, case: reference, evidence: evidenceId },
});

const exportLinkOf = (claims: z.infer<typeof exportClaims>): ExportLink => ({
  ...{ schoolId: claims.school, personId: claims.person, reference: claims.case },
  expiresAt: new Date(claims.exp * 1000),
});

function evidenceLinkOf(payload: JWTPayload | undefined): EvidenceLink | undefined {
  const { data } = evidenceClaims.safeParse(payload);
  return data && { ...exportLinkOf(data), evidenceId: data.evidence };
}

function summaryLinkOf(payload: JWTPayload | undefined): SummaryLink | undefined {
  const { data } = summaryClaims.safeParse(payload);
  return (
    data && {
      ...{ schoolId: data.school, personId: data.person, summaryId: data.summary },
      ...{ edition: data.edition, through: data.through },
      expiresAt: new Date(data.exp * 1000),
    }
  );
}

interface Seal {
  seal(claims: JWTPayload, until: Date): Promise<string>;
  /** @returns `undefined` for what this seal did not make, or has run out. */
  open(token: string): Promise<JWTPayload | undefined>;
}

/** Each purpose has a key of its own, so that a link made for one cannot be opened as another even where a claim is forgotten. */
function sealFor(purpose: string, secret: string, now: () => Date): Seal {
  const key = new Uint8Array(hkdfSync('sha256', secret, 'policy-desk', `link ${purpose}`, 32));
  return {
    seal: (claims, until) =>
      new EncryptJWT(claims)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setAudience(purpose)
        .setExpirationTime(until)
        .encrypt(key),
    open: async (token) => {
      if (token.length > LONGEST_TOKEN || !isSpeltAsMade(token)) return undefined;
      const checks = {
        ...{ audience: purpose, requiredClaims: ['exp'], currentDate: now() },
        ...{ keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] },
      };
      // Whatever is wrong with it, its holder is told the same.
      return jwtDecrypt(token, key, checks).then(
        ({ payload }) => payload,
        () => undefined,
      );
    },
  };
}

/** Decoders pass over spaces and over bits that mean nothing, so one link could be spelt in many ways, and each be counted for itself. */
const isSpeltAsMade = (token: string): boolean =>
  token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
