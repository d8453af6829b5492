import type { AskedQuestion } from '../policies/question-log.js';
import type { Enquiry } from '../schools/enquiry.js';
import { contactInWords } from '../schools/people.js';
import { timeAt } from '../schools/time.js';
import type { FinishedDraft, StoredDraft } from './draft.js';
import { answersInWords } from './in-words.js';
import { isOneOf } from './route.js';
import {
  distinct,
  type Finding,
  type FindingKind,
  maskIn,
  namedIn,
  type Reason,
  type Search,
  shownName,
  surenessOf,
  surest,
} from './subject-access.js';
import { filesOf } from './subject-in-case.js';
import { retypedAnswers, retypedEvidence, type Typed } from './typed-words.js';

/** What a governors' summary holds on people. */
export interface SummaryOnPeople {
  readonly id: string;
  readonly comment: { readonly words: string; readonly by: string; readonly at: Date } | null;
  readonly heldBy: string | null;
  readonly downloads: readonly { readonly at: Date; readonly personId: string }[];
}

/** Where the bot writes to a person, or what they chose for their school. */
export interface DirectoryEntry {
  /** "user~<object id>", "channel~headteacher". */
  readonly key: string;
  readonly conversationId: string | null;
  readonly chosenBy: string | null;
  readonly chosenAt: Date | null;
}

/** How many messages of one kind were owed or sent to a person's own chat. */
export interface MessagesSent {
  readonly personId: string;
  readonly kind: string;
  readonly count: number;
}

const by = (search: Search, personId: string, how: string): readonly Reason[] => {
  const sureness = surenessOf(search, personId);
  return sureness === undefined ? [] : [{ sureness, how }];
};

function finding(
  kind: FindingKind,
  title: string,
  found: readonly Reason[],
  rest: Partial<Finding>,
): Finding | undefined {
  const reasons = distinct(found);
  if (reasons.length === 0) return undefined;
  return { kind, title, sureness: surest(reasons), reasons, parts: [], files: [], ...rest };
}

/** The person's entries in `school.yaml`. */
export function findInProfile(search: Search): readonly Finding[] {
  const { profile } = search;
  const people = profile.people.flatMap(({ id, name, roles }) => {
    const reasons = [...by(search, id, 'is this person by id'), ...namedIn(search, name, 'the list of people')];
    const lines = [`Name: ${name}`, `Roles: ${roles.join(', ')}`, `Id: ${id}`];
    return finding('profile', 'school.yaml: people', reasons, { parts: [{ heading: 'Entry', lines }] }) ?? [];
  });
  const contacts = Object.entries(profile.contacts).flatMap(([part, contact]) => {
    if (!contact) return [];
    const reasons = namedIn(search, contact.name, 'the contacts');
    const lines = [[contactInWords(contact), contact.email].filter(Boolean).join(', ')];
    return (
      finding('profile', `school.yaml: contacts, ${part}`, reasons, { parts: [{ heading: 'Entry', lines }] }) ?? []
    );
  });
  return [...people, ...contacts];
}

/** An open draft, the person's own or one that names them. */
export function findInDraft(search: Search, { draft, evidence }: StoredDraft): Finding | undefined {
  const typed: Typed[] = [];
  const collect = (text: string, where: string) => {
    if (text !== '') typed.push({ where, text });
    return text;
  };
  retypedAnswers(draft.answers, collect);
  for (const [at, one] of evidence.entries()) retypedEvidence(one, at, collect);
  const reasons = [
    ...by(search, draft.personId, 'is writing it'),
    ...draft.answers.involved.flatMap((id) => by(search, id, 'was said to be involved')),
    ...typed.flatMap(({ where, text }) => namedIn(search, text, where)),
  ];
  const mask = maskIn(
    search,
    typed.map(({ text }) => text),
    [draft.personName],
  );
  const words = answersInWords(retypedAnswers(draft.answers, mask), draft.dangers ?? [], search.maskedProfile);
  const { timeZone } = search.profile;
  const lines = [
    `Begun ${timeAt(draft.startedAt, timeZone)}, by ${shownName(search, draft.personId, draft.personName)}; not sent.`,
    ...Object.values(words).flat(),
  ];
  const files = filesOf(
    evidence.map((one, at) => retypedEvidence(one, at, mask)),
    search,
  );
  const title = `A draft that is deleted 14 days after its last change (${timeAt(draft.changedAt, timeZone)})`;
  return finding('draft', title, reasons, { parts: [{ heading: 'Draft', lines }], files });
}

/** What became of the person's own drafts. */
export const findSent = (search: Search, personId: string, sent: readonly FinishedDraft[]): Finding | undefined =>
  finding('sent_report', 'Reports sent', sent.length > 0 ? by(search, personId, 'sent them') : [], {
    parts: [
      {
        heading: 'References',
        lines: sent.map(({ reference, at }) => `${reference ?? 'discarded'}, ${timeAt(at, search.profile.timeZone)}`),
      },
    ],
  });

/** A question put to the Headteacher, with its answer and the form in which it is kept for others. */
export function findInEnquiry(search: Search, enquiry: Enquiry): Finding | undefined {
  const { question, asker, askedAt, answered, reference } = enquiry;
  const typed = [question, answered?.answer ?? '', answered?.keptAs ?? ''];
  const reasons = [
    ...by(search, asker.personId, 'asked it'),
    ...namedIn(search, asker.name ?? '', 'the asker’s name'),
    ...(answered ? by(search, answered.by.personId, 'answered it') : []),
    ...namedIn(search, question, 'the question'),
    ...(answered ? namedIn(search, answered.answer, 'the answer') : []),
    ...namedIn(search, answered?.keptAs ?? '', 'the question as it is kept for others'),
  ];
  const mask = maskIn(search, typed, [asker.name, answered?.by.name ?? null]);
  const { timeZone } = search.profile;
  const lines = [
    `${timeAt(askedAt, timeZone)}, asked by ${shownName(search, asker.personId, asker.name)}: ${mask(question)}`,
    ...(answered
      ? [
          `${timeAt(answered.at, timeZone)}, answered by ${shownName(search, answered.by.personId, answered.by.name)}: ${mask(answered.answer)}`,
          answered.keptAs === null ? 'Not kept for others.' : `Kept for others under: ${mask(answered.keptAs)}`,
        ]
      : ['Not answered yet.']),
  ];
  return finding('enquiry', `Question to the Headteacher ${reference}`, reasons, {
    parts: [{ heading: 'Question', lines }],
  });
}

/** A question to the policy. Nobody can tell who asked it, so only its words can be found. */
export function findInQuestion(search: Search, { question, askedAt }: AskedQuestion): Finding | undefined {
  const reasons = namedIn(search, question, 'the question');
  if (reasons.length === 0) return undefined;
  const lines = [`${timeAt(askedAt, search.profile.timeZone)}: ${maskIn(search, [question], [])(question)}`];
  return finding('question', 'Question to the policy, without who asked it', reasons, {
    parts: [{ heading: 'Question', lines }],
  });
}

/** What a summary's comment says of the person, and what they did with the summary. */
export function findInSummary(search: Search, summary: SummaryOnPeople): Finding | undefined {
  const { id, comment, heldBy, downloads } = summary;
  const { timeZone } = search.profile;
  const reasons = [
    ...(comment
      ? [...by(search, comment.by, 'wrote its comment'), ...namedIn(search, comment.words, 'its comment')]
      : []),
    ...(heldBy === null ? [] : by(search, heldBy, 'held it back')),
    ...downloads.flatMap(({ personId }) => by(search, personId, 'downloaded it')),
  ];
  const lines = [
    ...(comment
      ? [`Comment of ${timeAt(comment.at, timeZone)}: ${maskIn(search, [comment.words], [])(comment.words)}`]
      : []),
    ...downloads
      .filter(({ personId }) => surenessOf(search, personId) !== undefined)
      .map(({ at }) => `Downloaded: ${timeAt(at, timeZone)}`),
  ];
  return finding('summary', `Summary ${id}`, reasons, { parts: [{ heading: 'Summary', lines }] });
}

/** Where the bot writes to the person, and which places they chose. */
export function findInDirectory(search: Search, entry: DirectoryEntry): Finding | undefined {
  const { key, conversationId, chosenBy, chosenAt } = entry;
  const owner = key.startsWith('user~') ? by(search, key.slice('user~'.length), 'has a chat with Policy Desk') : [];
  const chose = chosenBy === null ? [] : by(search, chosenBy, 'chose this place for the school');
  const lines = [
    ...(owner.length > 0 ? [`Teams’ id of the chat: ${conversationId ?? 'none any more'}`] : []),
    ...(chose.length > 0 && chosenAt ? [`Chosen: ${timeAt(chosenAt, search.profile.timeZone)}`] : []),
  ];
  const title = owner.length > 0 ? 'Directory: own chat' : `Directory: ${key}`;
  return finding('directory', title, [...owner, ...chose], { parts: [{ heading: 'Entry', lines }] });
}

/** What was sent to the person's own chat. Words are made when a message is sent, and lie in Teams. */
export function findMessages(search: Search, sent: readonly MessagesSent[]): Finding | undefined {
  const theirs = sent.filter(({ personId }) =>
    isOneOf(
      search.ids.map(({ id }) => id),
      personId,
    ),
  );
  return finding(
    'messages',
    'Messages to the own chat',
    theirs.flatMap(({ personId }) => by(search, personId, 'was sent them')),
    {
      parts: [{ heading: 'By kind', lines: theirs.map(({ kind, count }) => `${kind}: ${count}`) }],
    },
  );
}
