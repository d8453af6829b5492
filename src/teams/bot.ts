import type { TurnState } from '@microsoft/teams-ai';
// By its file: all of the library with its tokenizers takes half a second longer to load, and 30 MB.
import { Application } from '@microsoft/teams-ai/lib/Application.js';
import type { Activity, TurnContext } from 'botbuilder';
import type { Log } from '../log.js';
import type { OpenQuestions } from '../policies/open-questions.js';
import type { QuestionLog } from '../policies/question-log.js';
import type { EvidenceIntake, EvidenceTarget } from '../reports/evidence-intake.js';
import type { CaseStore, DraftOwner, DraftStore, EvidenceFiles } from '../reports/stores.js';
import type { Allowances } from '../schools/allowances.js';
import type { DeliveryNotice, Outbox } from '../schools/delivery.js';
import type { Directory } from '../schools/directory.js';
import type { EnquiryStore } from '../schools/enquiry.js';
import type { School, WaitingSchool } from '../schools/school.js';
import type { SummaryCopy } from '../summaries/access.js';
import type { Period } from '../summaries/period.js';
import type { Sending, Summary, SummaryStore } from '../summaries/summary.js';
import { sendEntitiesWhole } from './ai-label.js';
import { registerAnswerEnquiry } from './answer-enquiry.js';
import { registerAnswering } from './answering.js';
import { registerAsk } from './ask.js';
import type { Downloaded, FetchableAttachment } from './attachments.js';
import { registerCaseLists } from './case-lists.js';
import { registerChannelEvents } from './channel-events.js';
import { registerFindCases } from './find-cases.js';
import { registerGaps } from './gaps.js';
import { registerHelp } from './help.js';
import { registerInstall } from './install.js';
import { registerMyReports } from './my-reports.js';
import type { PendingSubmissions } from './pending-submissions.js';
import type { Places } from './places.js';
import type { PlainEnglishWriter } from './plain-english.js';
import { registerReport } from './report.js';
import { registerReportFiles } from './report-files.js';
import { registerSearch } from './search.js';
import { registerSetup, type SetupParts } from './setup.js';
import { registerStatus } from './status.js';
import { registerSummary } from './summary.js';
import { registerTriage } from './triage.js';
import { isPersonal, typeOf } from './turn.js';
import { TurnGate } from './turn-limits.js';
import { knowsSchool, meaningOf } from './which-school.js';

/** Everything the bot's features need, handed in once. */
export interface BotParts {
  /** The same list for good, whose entries are replaced between turns when a school's files change. */
  readonly schools: readonly School[];
  /** Schools that nobody is answered for at present; left out: there are none. */
  readonly waiting?: (() => readonly WaitingSchool[]) | undefined;
  readonly questions: QuestionLog;
  readonly enquiries: EnquiryStore;
  readonly deliveries: DeliveryNotice;
  /** What was sent and what is owed. */
  readonly outbox: Pick<Outbox, 'read'>;
  /** Notes where a turn's conversation is, for messages to come. Never rejects. */
  readonly remember: (activity: Activity) => Promise<void>;
  readonly openQuestions: OpenQuestions;
  /** Where the school's channel and chat are. */
  readonly places: Places;
  readonly setup: SetupParts;
  readonly reports: ReportParts;
  readonly summaries: SummaryParts;
  readonly log: Log;
  readonly now: () => Date;
  /** Left out: nobody is ever too many. */
  readonly allowances?: Allowances | undefined;
  /** Left out: answers are the clauses alone. `withinMs` is counted from asking. */
  readonly plainEnglish?: { readonly writer: PlainEnglishWriter; readonly withinMs?: number } | undefined;
}

/** Whose upload page, and to what it adds. */
export interface UploadTarget extends DraftOwner {
  readonly target: EvidenceTarget;
}

/** Links that cards offer; each opens one page for a while; those to evidence and cases name the one person they are made for. */
export interface CaseLinks {
  uploadLink(link: UploadTarget): Promise<string>;
  /** To the page that shows a piece of evidence. Whether that person may look is decided when it is opened. */
  evidenceLink(link: DraftOwner & { readonly reference: string; readonly evidenceId: string }): Promise<string>;
  /** To the page that offers all of a case as one file. */
  exportLink(link: DraftOwner & { readonly reference: string }): Promise<string>;
  /** To the page that offers a summary's documents. Whether they may still be read there is decided when it is opened. */
  summaryLink(link: SummaryCopy): Promise<string>;
}

/** What governors' summaries need. */
export interface SummaryParts {
  readonly store: SummaryStore;
  /**
   * Counts a period of a school that is over, as things stand at a moment.
   *
   * @returns `undefined` where what was told of others leaves too little of the period.
   */
  readonly make: (school: School, period: Period, at: Date, sending: Sending) => Promise<Summary | undefined>;
}

/** What reporting needs. */
export interface ReportParts {
  readonly drafts: DraftStore;
  /** Who has a chat with the bot. */
  readonly directory: Directory;
  readonly cases: CaseStore;
  readonly files: EvidenceFiles;
  readonly intake: EvidenceIntake;
  /** `undefined` where the bot has no address that a browser could open. */
  readonly links: CaseLinks | undefined;
  readonly pending: PendingSubmissions;
  /** Fetches what was attached to a turn from Teams. Never rejects. */
  readonly download: (attachment: FetchableAttachment, serviceUrl: string) => Promise<Downloaded>;
  /** Redraws the card of the person's open draft. Never rejects. */
  readonly redraw: (owner: DraftOwner) => Promise<void>;
}

export type BotApplication = Application<TurnState>;

/**
 * Builds the bot: one file per feature, each registering its own routes. The order matters: the first route that fits a turn
 * takes it, and a question is whatever nothing else claims.
 *
 * The application is given no storage, because it would keep a turn's state on itself, where another turn could see it.
 */
export function createBot(parts: BotParts): (context: TurnContext) => Promise<unknown> {
  const app: BotApplication = new Application({ removeRecipientMention: false });
  // The SDK has one timer for all turns and heeds no option to leave it off; withTyping() does it turn by turn.
  app.startTypingTimer = () => undefined;
  if (parts.plainEnglish) sendEntitiesWhole();
  registerInstall(app, parts);
  registerChannelEvents(app, parts);
  registerSearch(app, parts);
  registerFindCases(app, parts);
  registerSetup(app, parts);
  registerStatus(app, parts);
  registerReport(app, parts);
  registerMyReports(app, parts);
  registerTriage(app, parts);
  registerAnswering(app, parts);
  registerCaseLists(app, parts);
  registerReportFiles(app, parts);
  registerHelp(app, parts);
  registerAnswerEnquiry(app, parts);
  registerGaps(app, parts);
  registerSummary(app, parts);
  registerAsk(app, parts);
  const gate = parts.allowances && new TurnGate({ ...parts, allowances: parts.allowances });
  return async (context) => {
    const meaning = meaningOf(context.activity, parts);
    if (gate && !(await gate.letsThrough(context))) return;
    const isKnown = await knowsSchool(context, meaning);
    if (!isKnown)
      parts.log.warn({ event: 'turn.refused', activity: typeOf(context.activity), outcome: 'which school' });
    // Somebody at several schools can be written to by each of them, whichever they meant.
    if (!isKnown && !isPersonal(context.activity)) return;
    const remembered = parts.remember(context.activity);
    if (isKnown) await app.run(context);
    await remembered;
  };
}
