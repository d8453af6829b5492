import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { mayKnowReporter, mayRead } from '../reports/access.js';
import type { Case } from '../reports/case.js';
import { type CaseCopy, caseRecord } from '../reports/case-record.js';
import { type Found, faultOf, foundAs, nameOfPiece, type Piece, piecesOf } from '../reports/originals.js';
import { pasteText } from '../reports/paste-text.js';
import type { EvidenceFiles } from '../reports/stores.js';
import { personIn } from '../schools/people.js';
import type { School } from '../schools/school.js';
import { casePdf } from './case-pdf.js';
import type { ReadViewing } from './evidence-on-paper.js';
import { readMe } from './read-me.js';
import { type ZipFiles, zipStream } from './zip.js';

/** What a copy of a case is made from. */
export interface CaseExport {
  readonly case: Case;
  readonly school: Pick<School, 'profile' | 'index'>;
  readonly files: Pick<EvidenceFiles, 'original' | 'viewing'>;
  /** Entra object id of whom it is for; `null`: whoever runs Policy Desk, who can read the storage anyway. */
  readonly personId: string | null;
  readonly now: Date;
  /** Told in a sentence of each original that is missing or not as it came in. */
  readonly onFault?: (fault: string) => void;
}

/** Makes a copy of a case for a person who may read it; that they take it must be noted before. Rejects when they may not. */
export type ExportZip = (current: Case, school: School, personId: string) => Promise<Readable>;

/** {@link caseExport} for people, by the files and the clock that it needs. */
export const exportZip =
  ({ files, now }: Pick<CaseExport, 'files'> & { readonly now: () => Date }): ExportZip =>
  async (current, school, personId) =>
    caseExport({ case: current, school, files, personId, now: now() });

/**
 * Everything of a case as a ZIP: `case.pdf`, `case.json`, `paste.txt`, the originals in `evidence/`, `README.txt` and `SHA256SUMS`;
 * `DAMAGED.txt` as well when an original is missing or not as it came in. The same case and the same time give the same bytes.
 * Made while it is read, one file at a time; destroyed with an error when storage cannot be reached.
 *
 * @throws when the person may not read the case.
 */
export function caseExport({ case: current, school, files, personId, now, onFault }: CaseExport): Readable {
  const { profile } = school;
  if (personId !== null && !mayRead(current, profile, personId)) throw new Error('This person may not read the case.');
  const reader = personId === null ? null : { personId, name: personIn(profile, personId)?.name ?? '' };
  const knowsReporter = personId === null || mayKnowReporter(current, profile, personId);
  const at = current.log.at(-1)?.at ?? current.report.submittedAt;
  return zipStream({ at, timeZone: profile.timeZone }, async (zip) => {
    const pieces = await addOriginals(zip, current, files);
    const copy: CaseCopy = { case: current, school, reader, knowsReporter, made: now, pieces };
    const faults = pieces.flatMap(({ piece, found }) => faultOf(piece, found) ?? []);
    for (const fault of faults) onFault?.(fault);
    if (faults.length > 0) await zip.add('DAMAGED.txt', `${faults.join('\n')}\n`);
    await zip.add('README.txt', readMe(copy));
    await zip.add('case.json', caseRecord(copy));
    await zip.add('paste.txt', pasteText(current, profile, knowsReporter));
    await zip.add('case.pdf', casePdf(copy, viewingOf(current, files)));
    await zip.add('SHA256SUMS', zip.sums());
  });
}

const placeOf = ({ report: { schoolId, reference } }: Case, evidenceId: string) => ({
  schoolId,
  reference,
  evidenceId,
});

async function addOriginals(zip: ZipFiles, current: Case, files: CaseExport['files']): Promise<CaseCopy['pieces']> {
  const pieces: { piece: Piece; found: Found }[] = [];
  for (const piece of piecesOf(current)) {
    const original = await files.original(placeOf(current, piece.id));
    const found = foundAs(piece, original);
    const name = nameOfPiece(piece, found);
    if (original && name !== null) await zip.add(name, original, false);
    pieces.push({ piece, found });
  }
  return pieces;
}

/** Viewing copies are compared with what was noted of them when they were made. */
const viewingOf =
  (current: Case, files: CaseExport['files']): ReadViewing =>
  async (evidenceId) => {
    const bytes = await files.viewing(placeOf(current, evidenceId));
    if (!bytes) return 'missing';
    const noted = current.evidence.find(({ id }) => id === evidenceId)?.viewing?.sha256;
    return createHash('sha256').update(bytes).digest('hex') === noted ? bytes : 'changed';
  };
