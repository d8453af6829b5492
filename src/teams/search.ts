import { CardFactory, type MessagingExtensionAttachment, type MessagingExtensionResult } from 'botbuilder';
import { placeOf, sourceOf } from '../policies/citation.js';
import type { Match } from '../policies/clause-index.js';
import { type Intent, intentOf, isOnChildSafety } from '../policies/intent.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { School } from '../schools/school.js';
import type { BotApplication, BotParts } from './bot.js';
import type { Card } from './cards/template.js';
import { clauseCard, reportCard, safetyCard } from './cards/views.js';
import { list, onSearch, say } from './search-query.js';

/** The search command, as the app's manifest must name it. */
export const SEARCH_COMMAND = { id: 'searchPolicy', parameter: 'words' } as const;

const MOST_RESULTS = 8;
const LONGEST_PREVIEW_CHARACTERS = 160;
/** A clause below this has so little to do with the words that it would only be in the way. */
const LEAST_SCORE = 0.1;
/** Who searches by a word or two asks for no answer: clauses with the words in them are what they want. */
const LEAST_SHARED_WORDS = 0.3;

const HINT =
  'Type a few words, such as "photos of pupils" or "friend request". Choose a clause to post it word for word.';

/**
 * Searches the policies from the box where people write messages: words in, clauses out, and the one that is chosen is posted by
 * the person, word for word. It may be used in any conversation, so it sends nothing there itself, and keeps nothing.
 */
export function registerSearch(app: BotApplication, parts: BotParts): void {
  onSearch(app, parts, SEARCH_COMMAND, async (words, school) => search(parts, school, words));
}

function search({ log }: BotParts, { profile, index }: School, words: string): MessagingExtensionResult {
  if (words === '') return say(HINT);
  const intent = intentOf(words);
  const matches =
    intent.kind === 'report'
      ? []
      : index
          .find(words, MOST_RESULTS)
          .filter(({ score, sharedWords }) => score >= LEAST_SCORE || sharedWords >= LEAST_SHARED_WORDS);
  const results = [...adviceFor(intent, profile), ...matches.map(clauseResult)];
  log.info({ event: 'search.handled', schoolId: profile.id, intent: intent.kind, count: results.length });
  return results.length === 0 ? say('No clause has to do with these words. Try others.') : list(results);
}

/** What has happened is no matter for a conversation that others read: not a word of it is repeated. */
function adviceFor(intent: Intent, profile: SchoolProfile): MessagingExtensionAttachment[] {
  if (isOnChildSafety(intent)) return [safetyResult(profile)];
  if (intent.kind !== 'report') return [];
  return [
    result(
      reportCard(null, profile, false, 'elsewhere'),
      'To report something, open a chat with me',
      'Other people can read what is posted here. Tell me in our own chat.',
    ),
  ];
}

/** What to do at once, with whom to ring. @param title where that is not plain by itself. */
export function safetyResult(profile: SchoolProfile, title = 'A child at risk: act now'): MessagingExtensionAttachment {
  const { name, phone } = profile.contacts.dsl;
  const lead = [name, phone].filter(Boolean).join(', ');
  return result(
    safetyCard(profile, 'elsewhere'),
    title,
    `Immediate danger: call 999. Tell the designated safeguarding lead: ${lead}.`,
  );
}

const clauseResult = (match: Match): MessagingExtensionAttachment => {
  const { clause, policy } = match;
  const quote = clause.quote.replace(/\s+/gu, ' ');
  const start =
    quote.length <= LONGEST_PREVIEW_CHARACTERS
      ? quote
      : `${quote.slice(0, quote.lastIndexOf(' ', LONGEST_PREVIEW_CHARACTERS))} …`;
  return result(clauseCard(match), placeOf(clause) || sourceOf(policy), start);
};

/** A line of the list, and the card that is posted when it is chosen. */
const result = (card: Card, title: string, text: string): MessagingExtensionAttachment => ({
  ...CardFactory.adaptiveCard(card),
  preview: CardFactory.thumbnailCard(title, text),
});
