import { ActivityTypes, type TurnContext } from 'botbuilder';
import { z } from 'zod/v4';
import { newErrorReference } from '../errors.js';
import { traceOf } from '../log.js';
import type { Case } from '../reports/case.js';
import type { StoredDraft } from '../reports/draft.js';
import { cleaned, LONGEST_WORDS } from '../reports/fields.js';
import { caseInWords } from '../reports/in-words.js';
import { addWords, type Refusal, stateOf, withdraw } from '../reports/opening.js';
import type { CaseChange, DraftOwner, StoredCase } from '../reports/stores.js';
import type { School } from '../schools/school.js';
import { dayAt } from '../schools/time.js';
import type { BotApplication, BotParts } from './bot.js';
import { type ActionResult, onCardAction } from './card-action.js';
import { type MyReportCard, myReportCard } from './cards/case-views.js';
import { cardMessage } from './cards/message.js';
import { myReportsCard } from './cards/report-views.js';
import type { Card } from './cards/template.js';
import { stateSentence, uploadLinkFor } from './report-drawing.js';
import { schoolOf } from './school-of.js';
import { isForBot, isPersonal, messageOf } from './turn.js';

const COMMAND = /^(?:my reports?|\/myreports|reports i(?:'|’)?ve sent)\W*$/iu;
/** More than may be added, so that what is too long can be shortened. */
const kept = (typed: string): string => typed.slice(0, LONGEST_WORDS * 2);
const caseData = z.object({
  reference: z.string().max(20),
  words: z.string().transform(kept).catch(''),
  reason: z.string().transform(kept).catch(''),
});
const PERSONAL_ONLY = 'Please ask me in our own chat: others can read this conversation.';
const NOT_YOURS = 'I cannot find a report of yours with that reference.';
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
  for (const verb of ['case.own', 'case.add']) onCase(app, parts, verb, (turn) => drawn(turn, turn.stored.case));
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

interface CaseTurn {
  readonly parts: BotParts;
  readonly school: School;
  readonly owner: DraftOwner;
  readonly stored: StoredCase;
  readonly typed: z.infer<typeof caseData>;
}

/** Handles a press on a card of one's own report; nobody is told whether another's exists. */
function onCase(
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
      if (stored?.case.report.reporter.personId.toLowerCase() !== owner.personId || owner.personId === '')
        return NOT_YOURS;
      return await handle({ parts, school, owner, stored, typed });
    } catch (error) {
      const reference = newErrorReference();
      parts.log.error({ event: 'report.not_kept', schoolId: owner.schoolId, reference, ...traceOf(error) });
      return `That did not work just now, and nothing has changed. What you typed is still in the card: please press the button again in a minute. Reference ${reference}.`;
    }
  });
}

async function add(turn: CaseTurn): Promise<ActionResult> {
  const { parts, owner, typed } = turn;
  const { reason } = typed;
  const done = { notice: 'Added. Whoever has the report is told.', reason, withdrawing: reason !== '' };
  return commit(turn, done, { ...typed, withdrawing: reason !== '' }, (current) =>
    isThere(current, typed.words) ? undefined : addWords(current, typed.words, owner.personId, parts.now()),
  );
}

/** A button that was pressed twice adds once. */
const isThere = ({ log }: Case, words: string): boolean => {
  const last = log.at(-1)?.what;
  return last?.kind === 'words_added' && last.words === cleaned(words, LONGEST_WORDS);
};

async function withdrawn(turn: CaseTurn): Promise<ActionResult> {
  const { parts, owner, typed } = turn;
  const left = typed.words.trim() === '' ? '' : ' The words in the other box have not been added.';
  const done = { notice: `Withdrawn. Whoever has the report is told.${left}` };
  return commit(turn, done, { ...typed, withdrawing: true }, (current) =>
    withdraw(current, typed.reason, owner.personId, parts.now()),
  );
}

/**
 * Commits a change, or shows why not; a change that another got in before is made again on top of that.
 *
 * @param kept what goes back into the boxes when nothing was changed.
 * @param change `undefined`: it is made already.
 */
async function commit(
  turn: CaseTurn,
  done: Said,
  kept: Said,
  change: (current: Case) => CaseChange | Refusal | undefined,
): Promise<ActionResult> {
  const { parts, owner } = turn;
  const { cases } = parts.reports;
  let stored: StoredCase | undefined = turn.stored;
  for (let tries = 0; tries < MOST_TRIES && stored; tries += 1) {
    const made = change(stored.case);
    if (made === undefined) return drawn(turn, stored.case, done);
    if ('refused' in made) return drawn(turn, stored.case, { ...kept, error: made.refused });
    const place = await cases.change(stored, made);
    if (place) {
      await parts.deliveries.committed(place);
      return drawn(turn, made.case, done);
    }
    stored = await cases.find(owner.schoolId, turn.typed.reference);
  }
  throw new Error('A case is being changed too often to be added to.');
}

async function drawn({ parts, school, owner }: CaseTurn, current: Case, said: Said = {}): Promise<Card> {
  const target = { kind: 'case', reference: current.report.reference } as const;
  const uploadUrl = takesFiles(current) ? await uploadLinkFor(parts.reports, owner, target) : null;
  return ownReportCard(current, school, uploadUrl, said);
}

/** What there is to say about what was just pressed, and what was typed that is not kept. */
export interface Said {
  readonly notice?: string;
  readonly error?: string;
  readonly words?: string;
  readonly reason?: string;
  /** The box for the reason is open. */
  readonly withdrawing?: boolean;
}

const isOpen = (current: Case): boolean => stateOf(current) !== 'withdrawn';
const takesFiles = (current: Case): boolean => isOpen(current) && current.report.category !== 'child_safety';

/** A report as whoever made it reads it. */
export function ownReportCard(
  current: Case,
  school: School,
  uploadUrl: string | null,
  { notice, error, words = '', reason = '', withdrawing = false }: Said = {},
): Card {
  const { reference } = current.report;
  const open = isOpen(current);
  const view: MyReportCard = {
    ...{ reference, title: `Your report ${reference}`, state: stateSentence(current, school) },
    parts: caseInWords(current, school.profile, 'reporter').map(({ part, lines }) => ({
      part: OWN_PARTS[part] ?? part,
      lines,
    })),
    ...{ notice: notice ?? null, error: error ?? null },
    adding: open ? { uploadUrl, words } : null,
    withdrawing: open ? { open: withdrawing, reason } : null,
  };
  return myReportCard(view);
}

/** What is called otherwise for others. */
const OWN_PARTS: Readonly<Record<string, string>> = {
  'In their own words': 'In your own words',
  Wishes: 'Your wishes',
};
