import { mayKnowReporter } from '../reports/access.js';
import type { Case } from '../reports/case.js';
import type { Evidence } from '../reports/evidence.js';
import { isAsAdded } from '../reports/kept-evidence.js';
import { viewEvidence } from '../reports/looks.js';
import { standingOf } from '../reports/standing.js';
import { personIn } from '../schools/people.js';
import type { School } from '../schools/school.js';
import { findForLook, type LookStep, noteLook } from './case-looks.js';
import type { EvidenceLink } from './links.js';
import { messagePage } from './page.js';
import { type PageAnswer, page } from './page-answer.js';
import type { FileAnswer } from './send-file.js';
import { evidencePage, type LookView, offerPage, staleAnswer } from './view-page.js';
import type { ViewingPages } from './viewing-pages.js';

type What = Parameters<typeof viewEvidence>[4];

/** A piece of evidence that a link leads to. */
interface Piece {
  readonly case: Case;
  readonly school: School;
  readonly evidence: Evidence;
  /** From 1, as the case's list has it. */
  readonly number: number;
}

const DAMAGED =
  'This file is damaged: it is no longer what was received, so it is not shown. Please tell whoever looks after Policy Desk.';

const EXTENSION: Readonly<Record<Evidence['type'], string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'application/pdf': 'pdf',
};

/** The requests of the viewing page, each with what its link says. Whether that person may look is decided at every one. */
export class Viewing {
  readonly #pages: ViewingPages;

  constructor(pages: ViewingPages) {
    this.#pages = pages;
  }

  /** What the link is about, and a button. Nothing of the evidence, and nothing is noted. */
  async offer(link: EvidenceLink, token: string): Promise<PageAnswer> {
    const piece = await this.#find(link);
    return piece ? page(200, offerPage(this.#view(piece, link, token))) : staleAnswer();
  }

  /** The page that shows it, once the look is noted. Of a PDF it shows nothing, so no look at it is noted. */
  async show(link: EvidenceLink, token: string): Promise<PageAnswer> {
    const piece = await this.#find(link);
    if (!piece) return staleAnswer();
    if (piece.evidence.viewing) {
      const bytes = await this.#bytes(piece, 'viewing_copy', link);
      if (!bytes) return damagedAnswer(link);
      if (!(await this.#note(link, 'viewing_copy'))) return staleAnswer();
    }
    const { profile } = piece.school;
    const { reporter } = piece.case.report;
    const addedBy = mayKnowReporter(piece.case, profile, link.personId) ? reporter.name : null;
    const picture = piece.evidence.viewing && (await this.#pages.links.pictureAddress(link));
    const secondsLeft = Math.ceil((link.expiresAt.getTime() - this.#pages.now().getTime()) / 1000);
    return page(200, evidencePage({ ...this.#view(piece, link, token), addedBy, picture, secondsLeft }));
  }

  /** The picture of a page that was shown. */
  async picture(link: EvidenceLink): Promise<PageAnswer | FileAnswer> {
    const piece = await this.#find(link);
    if (!piece?.evidence.viewing) return staleAnswer();
    const file = await this.#bytes(piece, 'viewing_copy', link);
    return file ? { file, type: piece.evidence.viewing.type, saveAs: null } : damagedAnswer(link);
  }

  /** The original, byte for byte, to be saved and never shown by the browser in our name. */
  async original(link: EvidenceLink): Promise<PageAnswer | FileAnswer> {
    const piece = await this.#find(link);
    if (!piece) return staleAnswer();
    const file = await this.#bytes(piece, 'original', link);
    if (!file) return damagedAnswer(link);
    if (!(await this.#note(link, 'original'))) return staleAnswer();
    const { type } = piece.evidence;
    return { file, type, saveAs: `${link.reference}-evidence-${piece.number}.${EXTENSION[type]}` };
  }

  async #find(link: EvidenceLink): Promise<Piece | undefined> {
    const found = await findForLook(this.#pages, link, lookAt(link, 'viewing_copy'));
    const at = found?.case.evidence.findIndex(({ id }) => id === link.evidenceId) ?? -1;
    const evidence = found?.case.evidence[at];
    return evidence && { ...found, evidence, number: at + 1 };
  }

  /** @returns `undefined` when it is not what was received; only what is sound is shown, and noted as seen. */
  async #bytes({ case: current, evidence }: Piece, what: What, link: EvidenceLink): Promise<Uint8Array | undefined> {
    const { files, log } = this.#pages;
    const bytes = await (what === 'original' ? files.original(link) : files.viewing(link));
    if (isAsAdded(current, evidence, what, bytes)) return bytes;
    log.error({ event: 'evidence.damaged', schoolId: link.schoolId, reference: link.reference, outcome: what });
    return undefined;
  }

  async #note(link: EvidenceLink, what: What): Promise<boolean> {
    const noted = await noteLook(this.#pages, link, lookAt(link, what));
    if (noted) this.#pages.log.info({ event: 'view.handled', schoolId: link.schoolId, outcome: what });
    return noted !== undefined;
  }

  #view({ case: current, school: { profile }, evidence, number }: Piece, link: EvidenceLink, token: string): LookView {
    return {
      ...{ token, evidence, number, reference: link.reference, timeZone: profile.timeZone, expiresAt: link.expiresAt },
      madeFor: personIn(profile, link.personId)?.name ?? '',
      isOnChildSafety: standingOf(current).category === 'child_safety',
    };
  }
}

const lookAt =
  ({ evidenceId }: EvidenceLink, what: What): LookStep =>
  (stored, profile, look) =>
    viewEvidence(stored, profile, look, evidenceId, what);

const damagedAnswer = ({ reference }: EvidenceLink): PageAnswer =>
  page(500, messagePage(`${DAMAGED} Quote ${reference}.`));
