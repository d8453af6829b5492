import type { Category } from '../policies/category.js';
import { type Draft, STEPS, type Step } from './draft.js';
import { type DraftContext, type Fault, faultsIn } from './faults.js';
import { cleaned, isChildSafety, LONGEST_WORDS, NO_ANSWERS, REPORT_CATEGORIES, withTyped } from './fields.js';

export { asked, type Fault } from './faults.js';
export { type Field, isChildSafety, personKey } from './fields.js';

/** A draft as it begins: what was typed is the first words of the description. */
export function newDraft(start: {
  readonly id: string;
  readonly reference: string;
  readonly schoolId: string;
  readonly personId: string;
  readonly personName: string | null;
  readonly now: Date;
  readonly words: string;
  /** What the words seem to be about; a guess, which the first card shows as chosen. */
  readonly category: Category | null;
}): Draft {
  const { now, words, category, ...rest } = start;
  return {
    ...rest,
    state: 'writing',
    step: 'what',
    done: [],
    dangers: null,
    answers: {
      ...NO_ANSWERS,
      words: cleaned(words, LONGEST_WORDS),
      category: REPORT_CATEGORIES.find((known) => known === category) ?? null,
    },
    startedAt: now,
    changedAt: now,
    warnedAt: null,
    card: null,
  };
}

/** The cards of this draft, in order. */
export const stepsOf = (draft: Pick<Draft, 'dangers'>): readonly Step[] =>
  isChildSafety(draft) ? ['what', 'told'] : STEPS;

/**
 * The draft with what was typed on one of its cards, which stays the card it is at; {@link next} moves on. What was typed is kept
 * even where it is at fault. A field that `typed` does not have stays as it is, so that a choice of several that was emptied must
 * be given as `''`. Any danger makes it one on child safety, at the step `told`.
 */
export function fill(
  draft: Draft,
  step: Step,
  typed: Readonly<Record<string, string>>,
  context: DraftContext,
): { readonly draft: Draft; readonly faults: readonly Fault[] } {
  const known = withTyped(draft, step, typed, context.profile);
  const faults = faultsIn(step, known, context);
  const others = draft.done.filter((one) => one !== step);
  const changed: Draft = {
    ...draft,
    ...known,
    step: stepAfter(draft, step, known),
    done: faults.length === 0 ? [...others, step] : others,
    changedAt: context.now,
    warnedAt: null,
  };
  return { draft: changed, faults };
}

/** A card that the draft no longer has may still lie in the chat: what is typed there is kept, and the draft stays where it is. */
function stepAfter(draft: Draft, step: Step, known: Pick<Draft, 'dangers'>): Step {
  if (isChildSafety(known)) return 'told';
  if (step !== 'told') return step;
  return draft.step === 'told' ? 'what' : draft.step;
}

/** The first card after this one that is still to be filled in; the last when none is, so that Edit leads back to the review. */
export function next(draft: Draft): Draft {
  const steps = stepsOf(draft);
  const after = steps.slice(steps.indexOf(draft.step) + 1);
  return { ...draft, step: after.find((step) => !draft.done.includes(step)) ?? steps.at(-1) ?? draft.step };
}

/** The card before this one; from the review, the last card. */
export function back(draft: Draft): Draft {
  if (isReview(draft)) return goTo(draft, draft.step);
  const steps = stepsOf(draft);
  return { ...draft, step: steps[Math.max(0, steps.indexOf(draft.step) - 1)] ?? 'what' };
}

/** One of the draft's cards, to be changed; the draft as it is for a card it does not have. */
export const goTo = (draft: Draft, step: Step): Draft =>
  stepsOf(draft).includes(step) ? { ...draft, step, done: draft.done.filter((one) => one !== step) } : draft;

/** The last card is filled in: what is shown is everything together, with Submit. */
export const isReview = (draft: Draft): boolean =>
  draft.step === stepsOf(draft).at(-1) && draft.done.includes(draft.step);

/** What still keeps the draft from being submitted, in the order of its cards. @param evidenceCount files received. */
export function faultsOf(draft: Draft, evidenceCount: number, context: DraftContext): readonly Fault[] {
  const passed = draft.done.includes('evidence') || evidenceCount > 0 || draft.answers.noScreenshot;
  return stepsOf(draft).flatMap((step) =>
    step === 'evidence' && !passed
      ? [
          {
            field: 'noScreenshot' as const,
            sentence: 'Please add a screenshot, or go past the card for evidence without one.',
          },
        ]
      : faultsIn(step, draft, context),
  );
}
