import { ActivityTypes, type TurnContext } from 'botbuilder';
import { z } from 'zod/v4';
import { newErrorReference } from '../errors.js';
import { traceOf } from '../log.js';
import type { Case } from '../reports/case.js';
import type { StoredDraft } from '../reports/draft.js';
import { cleaned, LONGEST_WORDS } from '../reports/fields.js';
import { addWords, type Refusal, withdraw } from '../reports/opening.js';
import type { CaseChange, DraftOwner, StoredCase } from '../reports/stores.js';
import type { School } from '../schools/school.js';
import { dayAt } from '../schools/time.js';
import type { BotApplication, BotParts } from './bot.js';
import { type ActionResult, onCardAction } from './card-action.js';
import { cardMessage } from './cards/message.js';
import { myReportsCard } from './cards/report-views.js';
import type { Card } from './cards/template.js';
import { ownReportCard, type Said, takesFiles } from './own-report.js';
import { stateSentence, uploadLinkFor } from './report-drawing.js';
import { schoolOf } from './school-of.js';
import { noteSent } from './sent-messages.js';
import { isForBot, isPersonal, messageOf } from './turn.js';

const COMMAND = /^(?:my reports?|\/myreports|reports i(?:'|’)?ve sent)\W*$/iu;
/** More than may be added, so that what is too long can be shortened. */
const kept = (typed: string): string => typed.slice(0, LONGEST_WORDS * 2);
const caseData = z.object({
  reference: z.string().max(20),
  /** Number of the event that asked; 0 where none is named. */
  question: z.coerce.number().int().catch(0),
  words: z.string().transform(kept).catch(''),
  reason: z.string().transform(kept).catch(''),
});
const PERSONAL_ONLY = 'Please ask me in our own chat: others can read this conversation.';
const NOT_YOURS =
  'I cannot find a report of yours with that reference. If you sent it long ago, it may have been deleted since.';
const MOST_TRIES = 5;
const MOST_SHOWN = 10;

/** What a person has reported: a list, one of them, and adding to it or withdrawing it. */
export function registerMyReports(app: BotApplication, parts: BotParts): void {
  app.activity(
    async ({ activity }) =>
      activity.type === ActivityTypes.Message && isForBot(activity) && COMMAND.test(messageOf(activity)),
    async (context) => {
      const school = await schoolOf(context, parts);
      if (!school) return;
      const result = isPersonal(context.activity) ? await list(context, parts, school) : PERSONAL_ONLY;
      await context.sendActivity(typeof result === 'string' ? result : cardMessage(result));
    },
  );
  onCardAction(app, 'case.mine', async (context) => {
    const school = await schoolOf(context, parts);
    if (!school || !isPersonal(context.activity)) return PERSONAL_ONLY;
    return list(context, parts, school);
  });
  // What was typed on a card that it takes the place of goes into its box.
  onCase(app, parts, 'case.add', shown);
  onCase(app, parts, 'case.own', async (turn) => {
    const { context, owner, stored } = turn;
    const { replyToId } = context.activity;
    await noteSent(context, parts, owner.schoolId, stored.case.report.reference, 'case.own', replyToId);
    return shown(turn);
  });
  onCase(app, parts, 'case.words', add);
  onCase(app, parts, 'case.withdraw', withdrawn);
}

const ownerOf = ({ activity }: TurnContext, { profile }: School): DraftOwner => ({
  schoolId: profile.id,
  personId: activity.from.aadObjectId?.toLowerCase() ?? '',
});

async function list(context: TurnContext, { reports }: BotParts, school: School): Promise<Card> {
  const owner = ownerOf(context, school);
  const [sent, open] = await Promise.all([reports.drafts.submittedBy(owner), reports.drafts.open(owner)]);
  const found = await Promise.all(
    sent.slice(0, MOST_SHOWN).map(({ reference }) => reports.cases.find(owner.schoolId, reference ?? '')),
  );
  const cases = found.flatMap((stored) => stored?.case ?? []);
  return reportsCard(cases, open, sent.length > MOST_SHOWN, school);
}

/** @param more some that are older are left out. */
export const reportsCard = (
  cases: readonly Case[],
  open: StoredDraft | undefined,
  more: boolean,
  school: School,
): Card =>
  myReportsCard({
    reports: cases.map((one) => ({ reference: one.report.reference, line: stateSentence(one, school) })),
    more,
    draft: open
      ? {
          id: open.draft.id,
          line: `You began a report on ${dayAt(open.draft.startedAt, school.profile.timeZone)}. Nobody else has seen it.`,
        }
      : null,
  });

export interface CaseTurn {
  readonly context: TurnContext;
  readonly parts: BotParts;
  readonly school: School;
  readonly owner: DraftOwner;
  readonly stored: StoredCase;
  readonly typed: z.infer<typeof caseData>;
}

/** Handles a press on a card of one's own report, in one's own chat; nobody is told whether another's exists. */
export function onCase(
  app: BotApplication,
  parts: BotParts,
  verb: string,
  handle: (turn: CaseTurn) => Promise<ActionResult>,
): void {
  onCardAction(app, verb, async (context, data) => {
    const school = await schoolOf(context, parts);
    const typed = caseData.safeParse(data).data;
    if (!school || !typed) return NOT_YOURS;
    if (!isPersonal(context.activity)) return PERSONAL_ONLY;
    const owner = ownerOf(context, school);
    try {
      const stored = await parts.reports.cases.find(owner.schoolId, typed.reference);
      if (stored?.case.report.reporter.personId.toLowerCase() !== owner.personId || owner.personId === '') {
        parts.log.warn({ event: 'report.refused', schoolId: owner.schoolId });
        return NOT_YOURS;
      }
      return await handle({ context, parts, school, owner, stored, typed });
    } catch (error) {
      const reference = newErrorReference();
      parts.log.error({ event: 'report.not_kept', schoolId: owner.schoolId, reference, ...traceOf(error) });
      return `That did not work just now, and nothing has changed. What you typed is still in the card: please press the button again in a minute. Reference ${reference}.`;
    }
  });
}

const shown = (turn: CaseTurn): Promise<ActionResult> => drawn(turn, turn.stored.case, { words: turn.typed.words });

function add(turn: CaseTurn): Promise<ActionResult> {
  const { parts, owner, typed } = turn;
  const { words, reason } = typed;
  const withdrawing = reason !== '';
  return commit(
    turn,
    (current) => (isThere(current, words) ? { done: true } : addWords(current, words, owner.personId, parts.now())),
    {
      made: (current) =>
        drawn(turn, current, { notice: 'Added. Whoever has the report is told.', reason, withdrawing }),
      refused: (current, error) => drawn(turn, current, { words, reason, withdrawing, error }),
    },
  );
}

/** A button that was pressed twice adds once. */
const isThere = ({ log }: Case, words: string): boolean => {
  const last = log.at(-1)?.what;
  return last?.kind === 'words_added' && last.words === cleaned(words, LONGEST_WORDS);
};

function withdrawn(turn: CaseTurn): Promise<ActionResult> {
  const { parts, owner, typed } = turn;
  const { words, reason } = typed;
  const left = words.trim() === '' ? '' : ' The words in the other box have not been added.';
  const notice = `Withdrawn. Whoever has the report is told.${left}`;
  return commit(turn, (current) => withdraw(current, reason, owner.personId, parts.now()), {
    made: (current) => drawn(turn, current, { notice }),
    refused: (current, error) => drawn(turn, current, { words, reason, withdrawing: true, error }),
  });
}

/** What is shown once a change is made, or was made already, and when it is refused. */
interface Shown {
  readonly made: (current: Case) => Promise<ActionResult>;
  readonly refused: (current: Case, sentence: string) => Promise<ActionResult>;
}

/** Commits a change, or shows why not; a change that another got in before is made again on top of that. */
export async function commit(
  turn: CaseTurn,
  change: (current: Case) => CaseChange | Refusal | { readonly done: true },
  shown: Shown,
): Promise<ActionResult> {
  const { parts, owner } = turn;
  const { cases } = parts.reports;
  let stored: StoredCase | undefined = turn.stored;
  for (let tries = 0; tries < MOST_TRIES && stored; tries += 1) {
    const made = change(stored.case);
    if ('done' in made) return shown.made(stored.case);
    if ('refused' in made) return shown.refused(stored.case, made.refused);
    const place = await cases.change(stored, made);
    if (place) {
      await parts.deliveries.committed(place);
      return shown.made(made.case);
    }
    stored = await cases.find(owner.schoolId, turn.typed.reference);
  }
  throw new Error('A case is being changed too often to be added to.');
}

const drawn = ({ parts, school }: CaseTurn, current: Case, said: Said = {}): Promise<Card> =>
  drawnOwn(parts, school, current, said);

/** The card of a report for whoever made it, with a link to add files where it takes them. */
export async function drawnOwn({ reports }: BotParts, school: School, current: Case, said: Said = {}): Promise<Card> {
  const { reference, reporter } = current.report;
  const owner = { schoolId: school.profile.id, personId: reporter.personId.toLowerCase() };
  const uploadUrl = takesFiles(current) ? await uploadLinkFor(reports, owner, { kind: 'case', reference }) : null;
  return ownReportCard(current, school, uploadUrl, said);
}
