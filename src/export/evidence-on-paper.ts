import { sameId } from '../reports/case-change.js';
import type { CaseCopy } from '../reports/case-record.js';
import { evidenceInWords, seenInWords } from '../reports/in-words.js';
import { faultOf, nameOfPiece } from '../reports/originals.js';
import { nameOf, reporterName } from '../reports/paste-text.js';
import type { Paper } from './paper.js';
import { type PaperPicture, paperPicture } from './pictures.js';

/** Reads a piece's viewing copy; `changed` when it is not the one that was made. */
export type ReadViewing = (evidenceId: string) => Promise<Uint8Array | 'missing' | 'changed'>;

type CopiedPiece = CaseCopy['pieces'][number];

/** What is said of a piece above its picture takes that much, in points. */
const FACTS_HEIGHT = 130;
/** The heading of all of it stands on the same page as the first piece. */
const HEADING_HEIGHT = 40;

/** Every piece of evidence, one after another and one picture at a time. @param copy without its reporter where they are withheld. */
export async function drawEvidence(paper: Paper, copy: CaseCopy, readViewing: ReadViewing): Promise<void> {
  const { pieces } = copy;
  if (pieces.length === 0) {
    paper.heading(2, 'Evidence');
    paper.paragraph('There are no files.');
  }
  for (const [at, one] of pieces.entries()) {
    const picture = await pictureOf(one, readViewing);
    const isFirst = at === 0;
    paper.keep(FACTS_HEIGHT + (isFirst ? HEADING_HEIGHT : 0), typeof picture === 'string' ? undefined : picture);
    if (isFirst) paper.heading(2, 'Evidence');
    paper.heading(3, `Evidence ${one.piece.number} of ${pieces.length}`);
    drawFacts(paper, copy, one);
    if (typeof picture === 'string') paper.paragraph(picture);
    else paper.picture(picture, `Evidence ${one.piece.number}, as it was received`);
    await paper.drained();
  }
}

function drawFacts(paper: Paper, copy: CaseCopy, { piece, found }: CopiedPiece): void {
  const { evidence } = piece;
  if (evidence) {
    paper.fact('File', evidenceInWords(evidence, piece.number - 1, copy.school.profile).replace(/^\d+\. /u, ''));
    paper.fact('Seen', seenInWords(evidence).replace(/^seen /u, '') || 'Not said');
    paper.fact('Added by', addedBy(copy, evidence.addedBy));
  }
  paper.fact('Size', `${piece.bytes} bytes`);
  paper.fact('SHA-256', piece.sha256, 'mono');
  paper.fact('Original', nameOfPiece(piece, found) ?? 'Missing');
  const fault = faultOf(piece, found);
  if (fault) paper.paragraph(fault);
}

const addedBy = ({ case: { report }, school }: CaseCopy, personId: string): string =>
  sameId(personId, report.reporter.personId) ? reporterName({ report }) : nameOf({ personId }, school.profile);

/** @returns in a sentence why there is none. */
async function pictureOf({ piece }: CopiedPiece, readViewing: ReadViewing): Promise<PaperPicture | string> {
  if (!piece.evidence?.viewing) return 'It is not drawn here. Please open the original.';
  const bytes = await readViewing(piece.id);
  const picture = typeof bytes === 'string' ? undefined : await paperPicture(bytes);
  const why = typeof bytes === 'string' ? bytes : 'not readable';
  return picture ?? `Its viewing copy is ${why}, so it is not drawn here. Please open the original.`;
}
