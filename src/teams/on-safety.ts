import { type Activity, ActivityTypes } from 'botbuilder';
import { z } from 'zod/v4';
import { intentOf, isOnChildSafety } from '../policies/intent.js';
import { DANGERS } from '../reports/report.js';
import { isCardSubmit } from './card-action.js';
import { isReportCommand, START_VERB } from './report-command.js';
import { messageOf } from './turn.js';

const PRESS = 'adaptiveCard/action';
/** What was pressed, as `Action.Execute` and as its `Action.Submit` fallback send it. */
const execute = z.object({ action: z.object({ verb: z.string(), data: z.looseObject({}).catch({}) }) });
const submit = z.looseObject({ verb: z.string() });

interface Press {
  readonly verb: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Whether a turn may be about a child's safety, or begin a report on it: it is never held up for being one too many. */
export function isOnSafety(activity: Activity): boolean {
  const press = pressIn(activity);
  if (press) return press.verb === START_VERB || (press.verb.startsWith('report.') && asksOrTells(press.data));
  if (activity.type !== ActivityTypes.Message) return false;
  const words = messageOf(activity);
  return isReportCommand(words) || isOnChildSafety(intentOf(words));
}

/** Whether a child may be at risk by what is said or ticked, so that what to do now comes before everything else. */
export function tellsOfRisk(activity: Activity): boolean {
  const press = pressIn(activity);
  if (press) return press.data.urgent === true || press.data.step === 'told' || ticksDanger(press.data);
  return activity.type === ActivityTypes.Message && isOnChildSafety(intentOf(messageOf(activity)));
}

function pressIn(activity: Activity): Press | undefined {
  if (isCardSubmit(activity)) {
    const data = submit.safeParse(activity.value).data;
    return data && { verb: data.verb, data };
  }
  return activity.name === PRESS ? execute.safeParse(activity.value).data?.action : undefined;
}

/** The first card of a report asks for dangers, and the only one on a child's safety is called `told`. */
const asksOrTells = (data: Press['data']): boolean => data.step === 'what' || data.step === 'told' || ticksDanger(data);

const ticksDanger = ({ dangers }: Press['data']): boolean =>
  DANGERS.some((danger) => String(dangers).split(',').includes(danger));
