import type { Case, Happening } from './case.js';
import type { Evidence } from './evidence.js';
import type { Answers } from './report.js';

/** Something that a person typed into a case, and where. */
export interface Typed {
  readonly where: string;
  readonly text: string;
}

/** Puts a text that somebody typed in place of another. @param where it stands, in words. */
export type Retype = (text: string, where: string) => string;

const TEXTS: Readonly<Partial<Record<keyof Answers, string>>> = {
  words: 'the report’s words',
  place: 'the link or place',
  account: 'the account',
  whoSaw: 'who else saw it',
  doneSoFar: 'what was done so far',
  howTheyAre: 'how they are',
  wish: 'the reporter’s wishes',
  support: 'the support wanted',
  told: 'who was told',
};

/** Everything that anybody typed into a case; what was chosen from a list is none of it. */
export function typedIn(current: Case): readonly Typed[] {
  const found: Typed[] = [];
  retyped(current, (text, where) => {
    if (text !== '') found.push({ where, text });
    return text;
  });
  return found;
}

/** A case in which everything that anybody typed is another text. Its hashes are no longer those of what it says. */
export const retyped = ({ report, evidence, log }: Case, change: Retype): Case => ({
  report: { ...report, answers: retypedAnswers(report.answers, change) },
  evidence: evidence.map((one, at) => retypedEvidence(one, at, change)),
  log: log.map((event) => ({ ...event, what: retypedHappening(event.what, change) })),
});

export function retypedAnswers(answers: Answers, change: Retype): Answers {
  const texts = Object.entries(TEXTS).map(([key, where]) => [
    key,
    change(String(answers[key as keyof Answers]), where),
  ]);
  const { postedAt, seenAt } = answers;
  return {
    ...answers,
    ...(Object.fromEntries(texts) as Partial<Answers>),
    postedAt: { day: change(postedAt.day, 'when it was posted'), time: change(postedAt.time, 'when it was posted') },
    seenAt: { day: change(seenAt.day, 'when it was seen'), time: change(seenAt.time, 'when it was seen') },
  };
}

/** @param at place among the case's evidence, from 0. */
export const retypedEvidence = (one: Evidence, at: number, change: Retype): Evidence => ({
  ...one,
  seenOn: change(one.seenOn, `when evidence ${at + 1} was seen`),
  seenTime: change(one.seenTime, `when evidence ${at + 1} was seen`),
  seenWhere: change(one.seenWhere, `where evidence ${at + 1} was seen`),
});

function retypedHappening(what: Happening, change: Retype): Happening {
  switch (what.kind) {
    case 'words_added':
      return { ...what, words: change(what.words, 'words added by the reporter') };
    case 'question_asked':
      return { ...what, words: change(what.words, 'a question to the reporter') };
    case 'question_answered':
      return { ...what, words: change(what.words, 'an answer by the reporter') };
    case 'note_added':
      return { ...what, words: change(what.words, 'a note') };
    case 'action_taken':
      return { ...what, who: change(what.who, 'an action: with whom'), words: change(what.words, 'an action') };
    case 'closed':
      return { ...what, message: change(what.message, 'the message to the reporter') };
    case 'recorded_elsewhere':
      return { ...what, as: change(what.as, 'the reference in another system') };
    default:
      return 'reason' in what ? { ...what, reason: change(what.reason, REASON[what.kind]) } : what;
  }
}

const REASON: Readonly<Record<Extract<Happening, { reason: string }>['kind'], string>> = {
  withdrawn: 'why it was withdrawn',
  category_changed: 'why the category was changed',
  severity_changed: 'why the urgency was changed',
  reopened: 'why it was opened again',
  hold_placed: 'why it was placed on legal hold',
  hold_released: 'why the legal hold was taken back',
};
