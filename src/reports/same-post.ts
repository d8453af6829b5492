import type { Case } from './case.js';
import { linkIn } from './faults.js';
import { standingOf } from './standing.js';

/** Another case that may be about the same post, and what they have in common. */
export interface SamePost {
  readonly reference: string;
  readonly because: 'link' | 'picture';
}

/** More would not help to find it. */
const MOST = 5;

/**
 * Other cases of the same school with the same link or the same picture, byte for byte; the latest first. Not those that are
 * linked already, from either side. Links are compared without what differs between two copies of the same address.
 *
 * @param others those that whoever asks may read.
 */
export function samePost(current: Case, others: Iterable<Case>): readonly SamePost[] {
  const { schoolId, reference } = current.report;
  const { links } = standingOf(current);
  return [...others]
    .filter(({ report }) => report.schoolId === schoolId && report.reference !== reference)
    .filter((other) => !links.includes(other.report.reference) && !standingOf(other).links.includes(reference))
    .toSorted((one, other) => other.report.submittedAt.getTime() - one.report.submittedAt.getTime())
    .flatMap((other) => {
      const because = inCommon(current, other);
      return because === undefined ? [] : [{ reference: other.report.reference, because }];
    })
    .slice(0, MOST);
}

function inCommon(one: Case, other: Case): SamePost['because'] | undefined {
  const link = comparable(one.report.answers.place);
  if (link !== undefined && link === comparable(other.report.answers.place)) return 'link';
  const pictures = new Set(one.evidence.map(({ sha256 }) => sha256));
  return other.evidence.some(({ sha256 }) => pictures.has(sha256)) ? 'picture' : undefined;
}

/** What the networks and their advertisers add when an address is shared. */
const TRACKING = /^(?:utm_.*|fbclid|gclid|igsh|igshid|mibextid|si)$/iu;

/** Two reports of something on Facebook are not yet two of the same post. */
const PLATFORM_ALONE =
  /^(?:facebook|instagram|snapchat|tiktok|whatsapp|x|twitter|youtube)\.com$|^web\.whatsapp\.com$|^youtu\.be$/u;

/** A link without scheme, `www.` or `m.`, last slash, place in the page and tracking; `undefined` for what is no link to a post. */
function comparable(place: string): string | undefined {
  const link = linkIn(place);
  if (link === undefined) return undefined;
  const { host, pathname, searchParams } = new URL(link);
  const site = host.replace(/^(?:www|m|mobile)\./u, '');
  const path = pathname.replace(/\/+$/u, '');
  const kept = [...searchParams]
    .filter(([name]) => !TRACKING.test(name))
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  if (path === '' && kept.length === 0 && PLATFORM_ALONE.test(site)) return undefined;
  return `${site}${path}?${new URLSearchParams(kept)}`;
}
