import { CardFactory, type MessagingExtensionAttachment, type MessagingExtensionResult } from 'botbuilder';
import { mayRead } from '../reports/access.js';
import { caseQuery, fitsQuery, inOrder, type ListedCase, listedCase } from '../reports/case-lists.js';
import { CATEGORY, STATE } from '../reports/labels.js';
import { readable } from '../reports/stores.js';
import type { School } from '../schools/school.js';
import type { BotApplication, BotParts } from './bot.js';
import { mayListCases } from './case-lists.js';
import { list, onSearch, say } from './search-query.js';
import { originOf } from './turn.js';

/** The search command for those who deal with cases, as the app's manifest must name it. */
export const FIND_CASE_COMMAND = { id: 'findCase', parameter: 'words' } as const;

const MOST_RESULTS = 8;
const HINT =
  'Type a reference, what it is about, “open”, “overdue”, “closed”, “mine” or a colleague’s name. Only the reference of the case you choose is inserted.';
const NOT_FOR_YOU = 'Only those who deal with reports at your school can find cases here.';
const NONE =
  'No case that you may see fits. Those that are closed are found by their reference, or with the word “closed”.';

/** Finds cases from the box where people write messages, so that one can be named without a word of what it says. */
export function registerFindCases(app: BotApplication, parts: BotParts): void {
  onSearch(app, parts, FIND_CASE_COMMAND, (words, school, { activity }) =>
    find(parts, school, words, originOf(activity).personId ?? ''),
  );
}

async function find(
  { reports: { cases }, log, now }: BotParts,
  { profile }: School,
  words: string,
  personId: string,
): Promise<MessagingExtensionResult> {
  const { id: schoolId } = profile;
  if (!mayListCases(profile, personId)) {
    log.warn({ event: 'triage.refused', schoolId });
    return say(NOT_FOR_YOU);
  }
  const query = caseQuery(words);
  if (!query) return say(HINT);
  const found: ListedCase[] = [];
  const all = query.finished ? cases.all(schoolId) : cases.unfinished(schoolId);
  const missed = () => log.warn({ event: 'cases.not_read', schoolId });
  for await (const { case: current } of readable(all, missed)) {
    if (!mayRead(current, profile, personId)) continue;
    const listed = listedCase(current, profile, now());
    if (fitsQuery(query, listed, profile, personId)) found.push(listed);
  }
  log.info({ event: 'cases.listed', schoolId, count: found.length });
  return found.length === 0 ? say(NONE) : list(inOrder(found).slice(0, MOST_RESULTS).map(result));
}

/**
 * What is chosen is inserted where others may read it. Teams inserts a card and nothing else from a search, so it is the plainest
 * there is: a thumbnail card whose only content is the reference as its title, which is text and not Markdown. An Adaptive Card
 * would carry the same words a second and third time, to be spoken and to fall back on. What the case is about stands in the
 * preview alone, which only whoever searches sees.
 */
function result({ reference, category, state, overdue }: ListedCase): MessagingExtensionAttachment {
  const stands = overdue ? `${STATE[state]}, overdue` : STATE[state];
  return {
    ...CardFactory.thumbnailCard(reference),
    preview: CardFactory.thumbnailCard(reference, `${CATEGORY[category]}: ${stands}`),
  };
}
