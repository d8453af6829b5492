import { AppError } from '../../errors.js';
import { parseYaml } from '../../yaml.js';
import type { DroppedLine, Policy } from '../policy.js';
import { type Block, isVersionHeader } from './block.js';

type Metadata = Pick<Policy, 'title' | 'version' | 'approved' | 'review'>;

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/**
 * Parts the YAML front matter from the document.
 *
 * @throws {AppError} `policy_unreadable` when the front matter is not a YAML mapping.
 */
export function takeFrontMatter(
  fileName: string,
  source: string,
): { data: Record<string, unknown>; body: string; firstLine: number } {
  const found = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/u.exec(source);
  if (!found) return { data: {}, body: source, firstLine: 1 };
  const firstLine = found[0].split('\n').length;
  try {
    const data: unknown = parseYaml(found[1] ?? '');
    if (typeof data === 'object' && data !== null && !Array.isArray(data))
      return { data: { ...data }, body: source.slice(found[0].length), firstLine };
  } catch {
    // The same sentence serves for YAML that does not parse and YAML that is not a mapping.
  }
  throw new AppError(
    'policy_unreadable',
    `The lines between the two "---" at the top of ${fileName} are not valid. Write each as "name: value".`,
  );
}

/** Title, version and dates: from the front matter where it has them, else from the wording or what every page repeats, else `null`. */
export function findMetadata(
  id: string,
  data: Readonly<Record<string, unknown>>,
  blocks: readonly Block[],
  dropped: readonly DroppedLine[],
): Metadata {
  const release = latestRelease(blocks);
  const lines = [
    ...blocks.map(({ marker, text }) => `${marker} ${text}`.trim()),
    ...dropped.flatMap(({ text }) => text.split(/\s+[|·•–—]\s+|\t/u)),
  ];
  const stated = (names: RegExp) => lines.flatMap((line) => names.exec(line)?.[1] ?? []);
  const statedDate = (names: RegExp) =>
    stated(names)
      .map(toDate)
      .find((date) => date !== null) ?? null;
  return {
    title: asText(data.title) ?? titleOf(blocks) ?? fromFileName(id),
    version: asText(data.version) ?? stated(STATED_VERSION)[0] ?? release?.version ?? null,
    approved: toDate(asText(data.approved)) ?? statedDate(STATED_APPROVAL) ?? release?.date ?? null,
    review: toDate(asText(data.review)) ?? statedDate(STATED_REVIEW),
  };
}

const STATED_VERSION = /^version(?: number| no\.?)?\s*:?\s+v?(\d[\w.]*)$/iu;
const STATED_APPROVAL = /^(?:date )?(?:approved|approval|adopted|ratified)(?: date| on)?\s*:?\s+(.+)$/iu;
const STATED_REVIEW = /^(?:date of )?(?:next )?review(?: date| due)?\s*:?\s+(.+)$/iu;

/**
 * Understands dates as British schools write them: "26 September 2019", "1st May 2024", "06.05.18", "2026-09-21", "September 2021".
 *
 * @returns `YYYY-MM-DD`, or `YYYY-MM` where no day is given; `null` for anything else.
 */
export function toDate(text: string | null | undefined): string | null {
  const value = text?.trim() ?? '';
  const iso = /^(\d{4})-(\d{2})(?:-(\d{2}))?(?:T.*)?$/u.exec(value);
  if (iso) return checked(Number(iso[1]), Number(iso[2]), iso[3] === undefined ? undefined : Number(iso[3]));
  const figures = /^(\d{1,2})[./-](\d{1,2})[./-](\d{2}|\d{4})$/u.exec(value);
  if (figures) return checked(fullYear(figures[3]), Number(figures[2]), Number(figures[1]));
  const words = /^(?:\p{L}+day,?\s+)?(?:(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?)?(\p{L}{3,9})\.?,?\s+(\d{4})$/iu.exec(
    value,
  );
  const month = MONTHS.findIndex((name) => name.startsWith(words?.[2]?.toLowerCase() ?? '?')) + 1;
  return words && month > 0
    ? checked(Number(words[3]), month, words[1] === undefined ? undefined : Number(words[1]))
    : null;
}

const fullYear = (digits = ''): number => (digits.length === 2 ? 2000 + Number(digits) : Number(digits));

function checked(year: number, month: number, day: number | undefined): string | null {
  const date = new Date(Date.UTC(year, month - 1, day ?? 1));
  if (date.getUTCMonth() !== month - 1 || year < 1900 || year > 2199) return null;
  return date.toISOString().slice(0, day === undefined ? 7 : 10);
}

/** The highest version in a table that has a date; rows without one were never released. Narrow columns leave no table behind. */
function latestRelease(blocks: readonly Block[]): { version: string; date: string } | undefined {
  const hasTable = blocks.some(({ text }) => isVersionHeader(text));
  const releases = blocks.flatMap(({ kind, text }) => {
    const row = kind === 'row' || (hasTable && kind === 'paragraph') ? /^v?(\d+(?:\.\d+)*)\s(.*)$/iu.exec(text) : null;
    const date = row?.[2]
      ?.split(/\s+/u)
      .map((_, at, words) => toDate(words.slice(at, at + 3).join(' ')) ?? toDate(words[at]))
      .find((found) => found !== null);
    return row?.[1] !== undefined && date ? [{ version: row[1], date }] : [];
  });
  return releases.toSorted((one, other) => one.version.localeCompare(other.version, 'en', { numeric: true })).at(-1);
}

function titleOf(blocks: readonly Block[]): string | null {
  const isPolicy = (text: string) => /\bpolic(?:y|ies)\b/iu.test(text);
  const headings = blocks.filter(({ kind }) => kind === 'heading');
  const titles = headings.filter(({ level }) => level === 0);
  const [first] = headings;
  const opening = first && first === blocks[0] && isPolicy(first.text) ? first : undefined;
  return (titles.findLast(({ text }) => isPolicy(text)) ?? titles[0] ?? opening)?.text ?? null;
}

const fromFileName = (id: string): string => {
  const words = id.replace(/[-_]+/gu, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const asText = (value: unknown): string | null => {
  if (typeof value === 'string' && value.trim() !== '') return value.trim();
  return typeof value === 'number' ? String(value) : null;
};
