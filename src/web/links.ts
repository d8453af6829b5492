import { hkdfSync } from 'node:crypto';
import { EncryptJWT, type JWTPayload, jwtDecrypt } from 'jose';
import { z } from 'zod/v4';
import type { EvidenceTarget } from '../reports/evidence-intake.js';

/** An upload page is needed at once or not at all; whoever finds the link later finds nothing. */
const UPLOAD_MINUTES = 30;
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

/** Links to pages of Policy Desk that work for a while, for one purpose, without an account. */
export interface Links {
  /** The address of an upload page, such as `https://policydesk.example.org/evidence/eyJ…`; it works for 30 minutes. */
  uploadLink(link: Omit<UploadLink, 'expiresAt'>): Promise<string>;
  /** @returns `undefined` for a link that has run out, was altered, made with another secret or for another purpose. */
  readUpload(token: string): Promise<UploadLink | undefined>;
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

/**
 * Makes and reads links. What a link is about is encrypted, not only signed: addresses end up in browser histories and in the
 * logs of proxies, and a person's Entra object id is personal data.
 */
export function createLinks({ secret, publicUrl, now }: LinkParts): Links {
  const { origin } = new URL(publicUrl);
  const uploads = sealFor('evidence-upload', secret, now);
  return {
    origin,
    uploadLink: async ({ schoolId, personId, target }) =>
      `${origin}/evidence/${await uploads.seal({ school: schoolId, person: personId, target }, UPLOAD_MINUTES)}`,
    readUpload: async (token) => {
      const { data } = uploadClaims.safeParse(await uploads.open(token));
      return (
        data && {
          ...{ schoolId: data.school, personId: data.person, target: data.target },
          expiresAt: new Date(data.exp * 1000),
        }
      );
    },
  };
}

interface Seal {
  seal(claims: JWTPayload, minutes: number): Promise<string>;
  /** @returns `undefined` for what this seal did not make, or has run out. */
  open(token: string): Promise<JWTPayload | undefined>;
}

/** Each purpose has a key of its own, so that a link made for one cannot be opened as another even where a claim is forgotten. */
function sealFor(purpose: string, secret: string, now: () => Date): Seal {
  const key = new Uint8Array(hkdfSync('sha256', secret, 'policy-desk', `link ${purpose}`, 32));
  return {
    seal: (claims, minutes) =>
      new EncryptJWT(claims)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setAudience(purpose)
        .setExpirationTime(new Date(now().getTime() + minutes * 60_000))
        .encrypt(key),
    open: async (token) => {
      if (token.length > LONGEST_TOKEN) return undefined;
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
