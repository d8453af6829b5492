import { type Activity, ActivityTypes, type TurnContext } from 'botbuilder';
import { intentOf } from '../policies/intent.js';
import { type Allowances, comeBackAt } from '../schools/allowances.js';
import { type School, schoolAt } from '../schools/school.js';
import type { BotParts } from './bot.js';
import { isCardSubmit } from './card-action.js';
import { isOnSafety } from './on-safety.js';
import { isForBot, messageOf, originOf } from './turn.js';

/** For people of a tenant without a school, who are told nothing but that. */
const STRANGER_PER_MINUTE = 30;
/** Who goes on all the same is told again only so often: answers to a flood would be one. */
const TOLD_AGAIN_MS = 20_000;
const SAFETY =
  'If a child is in danger, do not wait: call 999. A child’s safety can be reported here at any time: type "report".';

const SEARCH = 'composeExtension/query';
const PRESS = 'adaptiveCard/action';

type GateParts = Pick<BotParts, 'schools' | 'log' | 'now'> & { readonly allowances: Allowances };

/** Whose allowance is used up, and when there will be some again. */
interface Limited {
  readonly whose: 'person' | 'school';
  readonly until: Date;
}

/**
 * Tells people who ask too much when to come back, and keeps the turn from everything else. A child's safety always comes through:
 * what is typed about it, the command and the button that begin a report, and the cards on which it is asked and told. What one
 * person does never closes the way for another's report: all of a school share an allowance for questions and searches only.
 */
export class TurnGate {
  readonly #parts: GateParts;
  readonly #toldAt = new Map<string, number>();

  constructor(parts: GateParts) {
    this.#parts = parts;
  }

  /** @returns `false` when the turn is not to be worked on; the person has been told then. */
  async letsThrough(context: TurnContext): Promise<boolean> {
    const { activity } = context;
    if (activity.type !== ActivityTypes.Invoke && !(activity.type === ActivityTypes.Message && isForBot(activity)))
      return true;
    const school = schoolAt(this.#parts.schools, originOf(activity));
    const limited = this.#limitFor(activity, school);
    if (!limited || isOnSafety(activity)) return true;
    await this.#tell(context, school, limited);
    return false;
  }

  #limitFor(activity: Activity, school: School | undefined): Limited | undefined {
    const { allowances } = this.#parts;
    const now = this.#parts.now().getTime();
    const limits = school?.profile.limits;
    const own = allowances.take(`turn~${personKey(activity)}`, limits?.personPerMinute ?? STRANGER_PER_MINUTE, now);
    if (own) return { whose: 'person', until: own };
    if (!school || !limits || !isShared(activity)) return undefined;
    const shared = allowances.take(`turns~${school.profile.id}`, limits.schoolPerMinute, now);
    return shared && !isReport(activity) ? { whose: 'school', until: shared } : undefined;
  }

  async #tell(context: TurnContext, school: School | undefined, limited: Limited): Promise<void> {
    const { activity } = context;
    const { log, now } = this.#parts;
    const key = personKey(activity);
    const at = now().getTime();
    const isToldAgain = at - (this.#toldAt.get(key) ?? 0) < TOLD_AGAIN_MS;
    // Whatever is pressed waits for an answer; of what is typed the first is enough.
    if (isToldAgain && activity.type === ActivityTypes.Message) return;
    for (const [one, told] of this.#toldAt) if (at - told >= TOLD_AGAIN_MS) this.#toldAt.delete(one);
    this.#toldAt.set(key, at);
    if (!isToldAgain)
      log.warn({ event: 'turn.limited', outcome: limited.whose, ...(school && { schoolId: school.profile.id }) });
    await answer(context, sentenceOf(limited, school?.profile.timeZone ?? 'Europe/London'));
  }
}

/** Names no longer than a minute of work; kept in memory alone. */
const personKey = (activity: Activity): string => {
  const { tenantId, personId } = originOf(activity);
  return `${tenantId}~${personId?.toLowerCase() ?? activity.from.id}`;
};

/** What counts towards the allowance that all of a school share: words, not buttons. */
const isShared = (activity: Activity): boolean =>
  activity.name === SEARCH || (activity.type === ActivityTypes.Message && !isCardSubmit(activity));

/** What has happened to somebody. Looked at only where there are too many: it takes as long as a tenth of an answer. */
const isReport = (activity: Activity): boolean =>
  activity.type === ActivityTypes.Message && intentOf(messageOf(activity)).kind === 'report';

function sentenceOf({ whose, until }: Limited, timeZone: string): string {
  const why =
    whose === 'person'
      ? 'That is more than I can take from one person at a time, so I am pausing.'
      : 'Your school is asking more than I can answer at the moment, so I am pausing.';
  return `${why} Please come back at ${comeBackAt(until, timeZone)}; what you typed is still here. ${SAFETY}`;
}

async function answer(context: TurnContext, words: string): Promise<void> {
  const { type, name } = context.activity;
  if (type === ActivityTypes.Message) await context.sendActivity(words);
  else await context.sendActivity({ type: ActivityTypes.InvokeResponse, value: invokeResponse(name, words) });
}

/** As each kind of invoke shows a sentence. */
function invokeResponse(name: string | undefined, words: string): { readonly status: number; readonly body?: object } {
  if (name === PRESS)
    return {
      status: 200,
      body: { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: words },
    };
  return name === SEARCH
    ? { status: 200, body: { composeExtension: { type: 'message', text: words } } }
    : { status: 429 };
}
