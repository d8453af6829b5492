import messages from './bank/messages.json' with { type: 'json' };
import official from './bank/official-and-process.json' with { type: 'json' };
import outside from './bank/outside.json' with { type: 'json' };
import personal from './bank/personal-and-conduct.json' with { type: 'json' };
import technology from './bank/technology-and-roles.json' with { type: 'json' };
import vocabulary from './bank/vocabulary.json' with { type: 'json' };

/** A rule that social media policies of schools have in common, with how policies word it and how staff ask for it. */
export interface RuleArchetype {
  readonly id: string;
  readonly title: string;
  /** What sort of clause states it: "prohibition", "duty", "time-limit"… */
  readonly kind: string;
  readonly wordings: readonly string[];
  readonly questions: readonly string[];
}

/** What staff ask that is not the social media policy's business. */
export interface OutsideTopic {
  readonly topic: string;
  readonly questions: readonly string[];
}

/** Words of everyday and of policies that mean the same. */
export interface Synonyms {
  readonly policy: readonly string[];
  readonly everyday: readonly string[];
}

/** What a message to the bot can be: a question, small talk, or a report of some category. */
export const MESSAGE_KINDS = [
  'question',
  'smalltalk',
  'online_bullying',
  'disparaging_post',
  'other_breach',
  'child_safety',
] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** Messages of one kind, as staff type them. */
export interface ExampleMessages {
  readonly kind: MessageKind;
  readonly messages: readonly string[];
}

/** The rules, in a fixed order; two archetypes of the same name stand for the two sides of a rule. */
export const ARCHETYPES: readonly RuleArchetype[] = [...official, ...personal, ...technology];
export const OUTSIDE: readonly OutsideTopic[] = outside;
export const VOCABULARY: readonly Synonyms[] = vocabulary;

/** What a bank holds. */
export interface Bank {
  readonly archetypes: readonly RuleArchetype[];
  readonly outside: readonly OutsideTopic[];
  readonly vocabulary: readonly Synonyms[];
  readonly messages: readonly ExampleMessages[];
}

/** The project's own. */
export const BANK: Bank = {
  archetypes: ARCHETYPES,
  outside: OUTSIDE,
  vocabulary: VOCABULARY,
  messages: messages as ExampleMessages[],
};
