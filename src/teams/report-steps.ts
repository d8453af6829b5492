import type { TurnContext } from 'botbuilder';
import { z } from 'zod/v4';
import { newErrorReference } from '../errors.js';
import { traceOf } from '../log.js';
import { type Draft, STEPS, type StoredDraft } from '../reports/draft.js';
import { asked, back, type Fault, faultsOf, fill, goTo, isChildSafety, next } from '../reports/draft-steps.js';
import type { DraftOwner } from '../reports/stores.js';
import type { School } from '../schools/school.js';
import type { BotApplication, BotParts } from './bot.js';
import { type ActionResult, onCardAction } from './card-action.js';
import { cardIn } from './draft-card.js';
import { closedCard, drawDraft } from './report-drawing.js';
import { discardCard, discardedCard, keptCard } from './report-offers.js';
import { submitLater, submitNow } from './report-submit.js';
import { schoolOf } from './school-of.js';
import { isPersonal } from './turn.js';

/** What a button says of itself; what was typed comes beside it. */
const button = z.looseObject({
  draftId: z.string().max(64),
  step: z
    .enum([...STEPS, 'told'])
    .optional()
    .catch(undefined),
  to: z.enum(STEPS).optional().catch(undefined),
  evidenceId: z.string().max(64).optional().catch(undefined),
});

const PERSONAL_ONLY = 'Please go on in our own chat. Nothing has been sent.';
const UNKNOWN_PERSON =
  'Teams does not tell me who you are, so I cannot keep a report for you. Please tell the Headteacher yourself.';
const OUTDATED = 'That card is from an older version and no longer works. Type "report" to begin again.';
/** Looks at a draft that others, on another device or the upload page, are changing at the same time. */
const MOST_TRIES = 5;

/** One press on a card of a draft. */
export interface DraftTurn {
  readonly context: TurnContext;
  readonly parts: BotParts;
  readonly school: School;
  readonly owner: DraftOwner;
  readonly pressed: z.infer<typeof button>;
  /** What was typed into the card. */
  readonly typed: Readonly<Record<string, string>>;
}

/** The same for the draft that is open. */
export interface OpenDraftTurn extends DraftTurn {
  readonly stored: StoredDraft;
}

/** What a press shows; `undefined` when another has changed the draft meanwhile, so that it is to be looked at anew. */
type Shown = Promise<ActionResult | undefined>;

/** The buttons of a report that is being written. */
export function registerReportSteps(app: BotApplication, parts: BotParts): void {
  const on = (verb: string, handle: (turn: OpenDraftTurn) => Shown) =>
    onCardAction(app, verb, (context, data) => withDraft(context, parts, data, verb, handle));
  on('report.next', goOn);
  on('report.back', (turn) => redrawn(turn, (draft) => oneBack(filledIn(turn, draft).draft)));
  on('report.edit', (turn) => redrawn(turn, (draft) => goTo(filledIn(turn, draft).draft, turn.pressed.to ?? 'what')));
  on('report.show', (turn) => redrawn(turn, (draft) => draft));
  on('report.resume', (turn) => redrawn(turn, (draft) => draft));
  on('report.save', async (turn) => {
    const saved = await changed(turn, (draft) => filledIn(turn, draft).draft);
    return saved && keptCard(saved, turn.school);
  });
  on('report.discard', async ({ stored }) => discardCard(stored));
  on('report.discarded', discard);
  on('report.remove', removeFile);
}

/** Finds the presser's own open draft; a card of another draft shows what has become of that one. */
async function withDraft(
  context: TurnContext,
  parts: BotParts,
  data: unknown,
  verb: string,
  handle: (turn: OpenDraftTurn) => Shown,
): Promise<ActionResult> {
  const pressed = button.safeParse(data).data;
  const school = await schoolOf(context, parts);
  if (!pressed || !school) return OUTDATED;
  if (!isPersonal(context.activity)) return PERSONAL_ONLY;
  const personId = context.activity.from.aadObjectId?.toLowerCase();
  if (personId === undefined) return UNKNOWN_PERSON;
  const owner = { schoolId: school.profile.id, personId };
  const turn = { context, parts, school, owner, pressed, typed: textsIn(pressed) };
  try {
    return await handled(turn, handle);
  } catch (error) {
    const reference = newErrorReference();
    parts.log.error({ event: 'report.not_kept', schoolId: owner.schoolId, reference, ...traceOf(error) });
    if (verb === 'report.next' && isLast(pressed.step)) return submitLater(turn, reference);
    return `I could not save that just now. What you typed is still in the card: please press the button again in a minute. Reference ${reference}.`;
  }
}

/** What is being submitted is brought to its end, whatever was pressed. */
async function handled(turn: DraftTurn, handle: (turn: OpenDraftTurn) => Shown): Promise<ActionResult> {
  const { parts, school, owner, pressed } = turn;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const stored = await parts.reports.drafts.open(owner);
    if (stored?.draft.id !== pressed.draftId) return closedCard(parts.reports, school, owner, pressed.draftId);
    const open = { ...turn, stored };
    const result = await (stored.draft.state === 'submitting' ? submitNow(open) : handle(open));
    if (result !== undefined) return result;
  }
  throw new Error('A draft is being changed too often.');
}

/** "Next", and on the last card "Send". */
async function goOn(turn: OpenDraftTurn): Shown {
  const { school, stored, pressed } = turn;
  // A card that was left open on another device shows where the report stands by now; of a danger any card may tell.
  if (pressed.step !== stored.draft.step && !isChildSafety(filledIn(turn, stored.draft).draft))
    return redrawn(turn, (draft) => draft);
  let faults: readonly Fault[] = [];
  const saved = await changed(turn, (draft) => {
    const filled = filledIn(turn, draft);
    faults = filled.faults;
    if (faults.length > 0) return filled.draft;
    return isLast(draft.step) && filled.draft.step === draft.step ? filled.draft : next(filled.draft);
  });
  if (saved === undefined) return undefined;
  if (faults.length > 0) return drawDraft(turn.parts.reports, school, saved, faults);
  if (!isLast(pressed.step) || saved.draft.step !== pressed.step) return drawDraft(turn.parts.reports, school, saved);
  const missing = faultsOf(saved.draft, saved.evidence.length, { now: turn.parts.now(), profile: school.profile });
  if (missing.length > 0) return drawDraft(turn.parts.reports, school, saved, missing);
  return submitNow({ ...turn, stored: saved });
}

/**
 * Indecent images of children are never held (morley-victoria: the police at once, and the school evaluates nothing): where one is
 * spoken of after files have come in, those files go, as any of them may be it.
 */
async function withoutFiles({ parts, owner }: OpenDraftTurn, saved: StoredDraft): Promise<StoredDraft | undefined> {
  const { draft, evidence } = saved;
  if (!draft.dangers?.includes('indecent_image') || evidence.length === 0) return saved;
  const { drafts, files } = parts.reports;
  for (const { id } of evidence) await drafts.removeEvidence(owner, draft.id, id);
  await files.removeAll(owner.schoolId, draft.reference);
  return drafts.open(owner);
}

/** Whether a step is the one whose button sends the report. */
const isLast = (step: Draft['step'] | undefined): boolean => step === 'wishes' || step === 'told';

async function discard({ parts, stored, owner }: OpenDraftTurn): Shown {
  if (!(await parts.reports.drafts.finish(stored, null, parts.now()))) return undefined;
  await parts.reports.files.removeAll(owner.schoolId, stored.draft.reference);
  return discardedCard();
}

/** The review stands on the last card, so from there it is the one before. */
const oneBack = (draft: Draft): Draft => back(goTo(draft, draft.step));

/** What was typed belongs to the step of the card it was typed into. */
const filledIn = ({ pressed, typed, parts, school }: OpenDraftTurn, draft: Draft) =>
  fill(draft, pressed.step ?? draft.step, allTyped(draft, pressed.step ?? draft.step, typed), {
    now: parts.now(),
    profile: school.profile,
  });

/** Clients leave out an input that was emptied, so where any was sent the others are empty. */
export function allTyped(
  draft: Draft,
  step: Draft['step'],
  typed: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const fields = asked(step, draft);
  if (!fields.some((field) => field in typed)) return typed;
  return { ...Object.fromEntries(fields.map((field) => [field, ''])), ...typed };
}

/** Its bytes go with it, once it is certain that neither the draft nor the case it may have become meanwhile names them. */
async function removeFile(turn: OpenDraftTurn): Shown {
  const { parts, owner, stored, pressed } = turn;
  const { drafts, files } = parts.reports;
  const { id: draftId, reference } = stored.draft;
  const piece = stored.evidence.find(({ id }) => id === pressed.evidenceId);
  if (!piece) return redrawn(turn, (draft) => draft);
  await drafts.removeEvidence(owner, draftId, piece.id);
  const after = await drafts.open(owner);
  if (after?.draft.id === draftId && !after.evidence.some(({ id }) => id === piece.id))
    await files.remove({ schoolId: owner.schoolId, reference, evidenceId: piece.id });
  return undefined;
}

async function redrawn(turn: OpenDraftTurn, apply: (draft: Draft) => Draft): Shown {
  const saved = await changed(turn, apply);
  return saved && drawDraft(turn.parts.reports, turn.school, saved);
}

/** @returns `undefined` when another has changed or closed the draft since it was read. */
async function changed(turn: OpenDraftTurn, apply: (draft: Draft) => Draft): Promise<StoredDraft | undefined> {
  const { parts, context, stored } = turn;
  const { draft } = stored;
  const card = cardIn(context) ?? draft.card;
  const after = { ...apply(draft), changedAt: parts.now(), warnedAt: null, card };
  const saved = await parts.reports.drafts.save(stored, after);
  return saved && withoutFiles(turn, saved);
}

/** Card inputs are strings; anything else is none. */
const textsIn = (data: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(data).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
