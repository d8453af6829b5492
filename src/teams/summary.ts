import { type Activity, ActivityTypes } from 'botbuilder';
import { schoolAt } from '../schools/school.js';
import { type Period, SPANS } from '../summaries/period.js';
import { periodsOf } from '../summaries/periods.js';
import type { BotApplication, BotParts } from './bot.js';
import { cardMessage } from './cards/message.js';
import type { Card } from './cards/template.js';
import { schoolOf } from './school-of.js';
import { registerSummaryActions } from './summary-actions.js';
import { periodsFor, shownFor } from './summary-showing.js';
import { refused, type SummaryTurn, whyNoSummary } from './summary-turn.js';
import { nameKey, type SummaryAsked, summaryAsked } from './summary-words.js';
import { isForBot, messageOf, originOf } from './turn.js';

const SO_FAR =
  'I make summaries only of half-terms, terms and school years that are over, because figures of a time that goes on could be compared day by day until they show who reported what.';
const WEEKS_COME =
  'The summary of a week comes by itself to the Headteacher and the safeguarding leads. You can ask me for a half-term, a term or a school year: type “summary”.';
const NO_SUCH =
  'I make summaries of half-terms, terms and school years alone, so that no two of them can be subtracted from each other. Type “summary” for the latest.';
const NONE_YET = 'No half-term, term or school year is over yet by the school’s calendar, so there is no summary yet.';
const NOT_OVER = 'There is no summary of that period, as it is not over yet. Type “summary” for the latest.';

/** Governors' figures when the Headteacher or the chair asks for them, and the buttons of every card of a summary. */
export function registerSummary(app: BotApplication, parts: BotParts): void {
  app.activity(
    async ({ activity }) =>
      activity.type === ActivityTypes.Message && isForBot(activity) && askedIn(activity, parts) !== undefined,
    async (context) => {
      const school = await schoolOf(context, parts);
      const asked = askedIn(context.activity, parts);
      if (!school || !asked) return;
      const why = whyNoSummary(context.activity, school);
      const shown =
        why === undefined ? await answer({ context, parts, school }, asked) : refused({ parts, school }, why);
      await context.sendActivity(typeof shown === 'string' ? shown : cardMessage(shown));
    },
  );
  registerSummaryActions(app, parts);
}

function askedIn(activity: Activity, { schools }: BotParts): SummaryAsked | undefined {
  const school = schoolAt(schools, originOf(activity));
  const isName = (name: string) =>
    school !== undefined && SPANS.some((span) => periodsOf(school.profile, span).some((one) => isNamed(one, name)));
  return summaryAsked(messageOf(activity), isName);
}

const isNamed = ({ name }: Period, key: string): boolean => {
  const own = nameKey(name);
  return own === key || own.replace(/^school year /u, '') === key || own.replace(/^week of /u, '') === key;
};

type Asking = Pick<SummaryTurn, 'context' | 'parts' | 'school'>;

async function answer(asking: Asking, asked: SummaryAsked): Promise<Card | string> {
  if (asked.which === 'so_far') return SO_FAR;
  if (asked.which === 'no_such') return NO_SUCH;
  const { profile } = asking.school;
  const periods = await periodsFor(asking);
  const [latest] = periods;
  if (asked.which === 'latest') {
    const usual = periods.find(({ span }) => span === profile.summaries.governors) ?? latest;
    return usual ? shownFor(asking, usual, periods) : NONE_YET;
  }
  if (asked.which === 'last') {
    if (asked.span === 'week') return WEEKS_COME;
    const last = periods.find(({ span }) => span === asked.span);
    return last ? shownFor(asking, last, periods) : NONE_YET;
  }
  const named = periods.find((period) => isNamed(period, asked.name));
  if (named) return shownFor(asking, named, periods);
  return periodsOf(profile, 'week').some((week) => isNamed(week, asked.name)) ? WEEKS_COME : NOT_OVER;
}
