import { contactInWords, peopleWith } from '../schools/people.js';
import type { SchoolProfile } from '../schools/profile.js';
import { isRecused } from './access.js';
import type { ActionTaken, Case } from './case.js';
import type { BreachKind, Danger, Police } from './report.js';
import { type Standing, standingOf } from './standing.js';

/** What policy or law expects next of those who deal with a case, in our own words. Plain text. */
export interface Advice {
  readonly id: AdviceId;
  readonly sentence: string;
  /** The policy that expects it, by its short name. */
  readonly source: 'morley-victoria' | 'beechwood' | 'wasp';
}

export type AdviceId =
  | 'danger'
  | 'indecent_image'
  | 'lado'
  | 'safeguarding'
  | 'police_is_their_decision'
  | 'keep_evidence'
  | 'ask_for_removal'
  | 'invite_parent'
  | 'complaints_procedure'
  | 'illegal_conduct'
  | 'support';

/** What is expected and has not been recorded yet, the most urgent first; nothing once a case is closed. */
export function adviceFor(current: Case, profile: SchoolProfile): readonly Advice[] {
  const known = knownOf(current, profile);
  if (known.standing.state === 'closed') return [];
  const urgent = [danger(known), indecentImage(known), lado(known), safeguarding(known)];
  // Whoever withdraws a report does not take the danger back.
  const rest = known.standing.state === 'withdrawn' ? [] : theRest(known);
  return [...urgent, ...rest].filter((advice) => advice !== undefined);
}

const theRest = (known: Known): readonly (Advice | undefined)[] => [
  theirDecision(known),
  keepEvidence(known),
  aboutParent(known),
  illegalConduct(known),
  support(known),
];

/**
 * One sentence for the form on which an action is recorded, when another ought to come before it; `null` when nothing speaks
 * against it.
 */
export function adviceOn(action: ActionTaken, current: Case, profile: SchoolProfile): string | null {
  const known = knownOf(current, profile);
  if (LOOKS_INTO_IT.has(action) || ENDS_THE_POST.has(action)) {
    if (indecentImage(known)) return 'Tell the police before anything else is done, and leave the picture alone.';
  }
  if (LOOKS_INTO_IT.has(action) && lado(known))
    return `Ask the LADO for advice before this: ${contactInWords(profile.contacts.lado)}. Do nothing else about it until you have it.`;
  if (ENDS_THE_POST.has(action) && keepEvidence(known))
    return 'No screenshot has been kept yet. Keep one first: once the post is gone, nothing shows what it said.';
  return null;
}

const LOOKS_INTO_IT: ReadonlySet<ActionTaken> = new Set<ActionTaken>(['spoke_to_parent', 'disciplinary_procedure']);
const ENDS_THE_POST: ReadonlySet<ActionTaken> = new Set<ActionTaken>(['asked_for_removal', 'contacted_platform']);

/** What the rules look at. */
interface Known {
  readonly current: Case;
  readonly profile: SchoolProfile;
  readonly standing: Standing;
  readonly isDone: (...actions: readonly ActionTaken[]) => boolean;
  readonly has: (...dangers: readonly Danger[]) => boolean;
}

function knownOf(current: Case, profile: SchoolProfile): Known {
  const standing = standingOf(current);
  const { dangers } = current.report;
  return {
    ...{ current, profile, standing },
    isDone: (...actions) => standing.actions.some(({ what }) => actions.includes(what.action)),
    has: (...wanted) => dangers.some((one) => wanted.includes(one)),
  };
}

type Rule = (known: Known) => Advice | undefined;

/** The appropriate authorities at once (beechwood); who is in danger needs the police first. */
const danger: Rule = ({ has, isDone }) =>
  has('danger_now', 'threat') && !isDone('told_police')
    ? {
        id: 'danger',
        sentence: 'Phone the police at once: 999 if anyone is in danger now, otherwise 101.',
        source: 'beechwood',
      }
    : undefined;

/** The police at once; the school neither investigates nor evaluates (morley-victoria). */
const indecentImage: Rule = ({ has, isDone }) =>
  has('indecent_image') && !isDone('told_police')
    ? {
        id: 'indecent_image',
        sentence:
          'Tell the police at once. Nobody at the school opens, judges, copies or passes on the picture, or looks into where it came from.',
        source: 'morley-victoria',
      }
    : undefined;

/** Advice before anything is looked into (morley-victoria). */
const lado: Rule = ({ standing, isDone, profile }) =>
  standing.route.lado && !isDone('told_lado')
    ? {
        id: 'lado',
        sentence: `Ask the LADO for advice before anything is looked into or anybody is spoken to: ${contactInWords(profile.contacts.lado)}.`,
        source: 'morley-victoria',
      }
    : undefined;

/** The appropriate authorities at once (beechwood): through the lead, or past one whom it names. */
const safeguarding: Rule = ({ standing, isDone, current, profile }) => {
  if (standing.category !== 'child_safety') return undefined;
  const leads = peopleWith(profile, 'dsl');
  const isFree = leads.length > 0 && leads.every(({ id }) => !isRecused(current, id));
  if (isDone('told_authority_or_trust') || (isFree && isDone('told_dsl'))) return undefined;
  const sentence = isFree
    ? `Make sure that the designated safeguarding lead knows of it now: ${contactInWords(profile.contacts.dsl)}.`
    : 'Tell the local authority’s children’s services now.';
  return { id: 'safeguarding', sentence, source: 'beechwood' };
};

const THEIR_WISH: Readonly<Record<Police, string>> = {
  told: 'They say that they have told the police.',
  wants_to: 'They say that they want to: help them with it.',
  does_not_want: 'They say that they do not want to.',
  undecided: 'They say that they have not decided yet.',
};

/** It is for the person bullied to decide (morley-victoria), unless a child or somebody under threat needs the police anyway. */
const theirDecision: Rule = ({ standing, has, isDone, current }) => {
  if (standing.category !== 'online_bullying' || isDone('told_police')) return undefined;
  if (has('danger_now', 'threat', 'indecent_image')) return undefined;
  const { police } = current.report.answers;
  const wish = police === null ? 'They have not said what they want: ask them.' : THEIR_WISH[police];
  return {
    id: 'police_is_their_decision',
    sentence: `Whether the police are told is up to the person who is bullied. ${wish}`,
    source: 'morley-victoria',
  };
};

/** Records are kept and nothing is deleted (morley-victoria). Never a picture where a child's safety is at stake. */
const keepEvidence: Rule = ({ standing, current, has }) => {
  const isSafety = standing.category === 'child_safety' || has('indecent_image');
  return current.evidence.length === 0 && !isSafety && mayBeThere(current, standing)
    ? {
        id: 'keep_evidence',
        sentence:
          'No screenshot has been kept and the post may still be there. Get one, with its time, date and place, before anybody asks for it to be removed.',
        source: 'morley-victoria',
      }
    : undefined;
};

const mayBeThere = ({ report }: Case, { post }: Standing): boolean =>
  post?.what.as !== 'removed' && report.answers.stillThere !== 'no';

/** What parents post: removal, then an invitation, then the complaints procedure, one after the other (wasp). */
const aboutParent: Rule = ({ standing, current, isDone }) => {
  const { postedBy } = current.report.answers;
  if (standing.category !== 'disparaging_post' || postedBy !== 'parent') return undefined;
  const asked = isDone('asked_for_removal') || standing.post !== null || !mayBeThere(current, standing);
  if (isDone('complaints_procedure')) return undefined;
  const source = 'wasp';
  if (isDone('spoke_to_parent')) {
    const sentence = 'If speaking has not settled it, point the parent to the school’s complaints procedure.';
    return { id: 'complaints_procedure', sentence, source };
  }
  if (asked) return { id: 'invite_parent', sentence: 'Invite the parent in to talk about what troubles them.', source };
  return { id: 'ask_for_removal', sentence: 'Ask the parent to take the post down.', source };
};

/** What can be against the law, and not merely against the policy. */
const PERHAPS_ILLEGAL: readonly (BreachKind | null)[] = ['privacy', 'contact', 'account', 'conduct'];

/** Illegal conduct goes to the police and other agencies (wasp). */
const illegalConduct: Rule = ({ standing, current, isDone }) =>
  standing.category === 'other_breach' &&
  PERHAPS_ILLEGAL.includes(current.report.answers.breachKind) &&
  !isDone('told_police')
    ? {
        id: 'illegal_conduct',
        sentence: 'If you think that a law has been broken, tell the police and whoever else is responsible for it.',
        source: 'wasp',
      }
    : undefined;

/** Handled in consideration of the wishes of whoever reports (morley-victoria). */
const support: Rule = ({ current, isDone }) =>
  current.report.answers.support !== '' && !isDone('support_offered')
    ? {
        id: 'support',
        sentence: 'They have asked for support: offer it, and record that you did.',
        source: 'morley-victoria',
      }
    : undefined;
