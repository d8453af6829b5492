import type { Activity } from 'botbuilder';
import type { Delivery, SentMessage, Target } from '../schools/delivery.js';
import { targetKey } from '../schools/delivery.js';
import type { Outcome } from '../schools/delivery-schedule.js';
import type { Directory } from '../schools/directory.js';
import type { School } from '../schools/school.js';
import type { Connector } from './connector.js';
import { createPlaces } from './places.js';
import { markedWhereShared } from './school-mark.js';
import { serviceUrlFor } from './service-url.js';

/** Makes the message of one kind of delivery from what it names; `undefined` when that is no longer there. */
export type Renderer = (delivery: Delivery, school: School) => Promise<Partial<Activity> | undefined>;

export interface CourierParts {
  readonly schools: readonly School[];
  readonly directory: Directory;
  readonly connector: Connector;
  readonly renderers: Readonly<Record<string, Renderer>>;
  /** `undefined` for a bot without an identity, which sends nowhere but to this machine. */
  readonly botId: string | undefined;
}

/** Brings deliveries to Teams. */
export interface Courier {
  knows(schoolId: string): boolean;
  /**
   * Tries once. Rejects when storage or the network fails, or the signal says that the time is up.
   *
   * @param earlier what became of the delivery that the placement names; `null` when it was not sent.
   * @param takeTurn waits until the conversation may have a message, or says why it may not have one now.
   */
  send(
    delivery: Delivery,
    earlier: SentMessage | null,
    takeTurn: () => Promise<Outcome | undefined>,
    signal: AbortSignal,
  ): Promise<Outcome>;
}

/** Everything that says where one message goes. */
interface Route {
  readonly serviceUrl: string;
  readonly target: Target;
  readonly school: School;
  readonly takeTurn: () => Promise<Outcome | undefined>;
  readonly signal: AbortSignal;
}

export function createCourier(parts: CourierParts): Courier {
  const schoolOf = (schoolId: string) => parts.schools.find(({ profile }) => profile.id === schoolId);
  return {
    knows: (schoolId) => schoolOf(schoolId) !== undefined,
    async send(delivery, earlier, takeTurn, signal) {
      const school = schoolOf(delivery.schoolId);
      const render = parts.renderers[delivery.kind];
      // Another version of the bot, running beside this one, may know what this one does not.
      if (!school || !render) return { kind: 'busy' };
      const { directory, botId, schools } = parts;
      const [serviceUrl, drawn] = await Promise.all([
        serviceUrlFor(directory, school.profile, botId !== undefined),
        render(delivery, school),
      ]);
      if (drawn === undefined) return { kind: 'obsolete' };
      const activity = markedWhereShared(drawn, school, schools);
      // No turn has told yet where the service is.
      if (serviceUrl === undefined) return { kind: 'busy' };
      const route = { serviceUrl, target: delivery.target, school, takeTurn, signal };
      return place(parts, route, delivery, earlier, activity);
    },
  };
}

async function place(
  parts: CourierParts,
  route: Route,
  delivery: Delivery,
  earlier: SentMessage | null,
  activity: Partial<Activity>,
): Promise<Outcome> {
  const { connector } = parts;
  const { serviceUrl, takeTurn, signal } = route;
  const { placement, refusals } = delivery;
  if (!standsByItself(delivery, earlier) && earlier !== null && earlier.activityId !== null) {
    const { conversationId, activityId } = earlier;
    const notNow = await takeTurn();
    if (notNow) return notNow;
    if (placement.at === 'in_place_of')
      return whereStill(delivery, connector.update(serviceUrl, { conversationId, activityId }, activity, signal));
    if (placement.at === 'below') return connector.post(serviceUrl, conversationId, activity, activityId, signal);
  }
  if (isOnlyInPlace(delivery)) return { kind: 'obsolete' };
  switch (route.target.to) {
    case 'headteacher_channel':
      return postInChannel(parts, route, activity);
    case 'governors_chat':
      return postInChat(parts, route, activity);
    case 'person':
      return postToPerson(parts, route, route.target.personId, activity, refusals > 0);
  }
}

/** What is only for the place of a message that is gone has nothing to do there. */
async function whereStill(delivery: Delivery, updating: Promise<Outcome>): Promise<Outcome> {
  const outcome = await updating;
  const isGone = outcome.kind === 'refused' && outcome.status === 404;
  return isGone && isOnlyInPlace(delivery) ? { kind: 'obsolete' } : outcome;
}

/** A channel that takes nothing for a while lets the earlier message be changed afterwards; one that refuses for hours may not. */
const MOST_REFUSALS_IN_PLACE = 2;

/**
 * Whether a delivery begins a message of its own: also where the message is gone that it was to replace or to answer, or refuses
 * that again and again.
 */
export const standsByItself = (delivery: Delivery, earlier: SentMessage | null): boolean =>
  delivery.placement.at === 'new' ||
  (!isOnlyInPlace(delivery) &&
    (delivery.gone === true ||
      delivery.refusals > MOST_REFUSALS_IN_PLACE ||
      earlier === null ||
      earlier.activityId === null));

const isOnlyInPlace = ({ placement }: Delivery): boolean => placement.at === 'in_place_of' && placement.only === true;

/** A new thread: Teams makes it together with its first message. */
async function postInChannel(
  { connector, directory, botId }: CourierParts,
  { serviceUrl, school, takeTurn, signal }: Route,
  activity: Partial<Activity>,
): Promise<Outcome> {
  const { tenantId, teams } = school.profile;
  const channel = await createPlaces(directory).headteacherChannelOf(school);
  const parameters = {
    isGroup: true,
    bot: { id: accountOf(botId) },
    tenantId,
    channelData: {
      channel: { id: channel.id },
      team: { id: channel.teamId ?? teams.teamId },
      tenant: { id: tenantId },
    },
    activity,
  };
  const notNow = await takeTurn();
  if (notNow) return notNow;
  const called = await connector.createConversation(serviceUrl, parameters, signal);
  if (!called.ok) return called.outcome;
  const conversationId = called.id ?? channel.id;
  return { kind: 'sent', message: { conversationId, activityId: called.activityId } };
}

async function postInChat(
  { connector, directory }: CourierParts,
  { serviceUrl, school, takeTurn, signal }: Route,
  activity: Partial<Activity>,
): Promise<Outcome> {
  const { id } = await createPlaces(directory).governorsChatOf(school);
  return (await takeTurn()) ?? connector.post(serviceUrl, id, activity, null, signal);
}

/** @param anew opens the chat again, as the one remembered has refused. */
async function postToPerson(
  { connector, directory, botId }: CourierParts,
  {
    serviceUrl,
    target,
    school: {
      profile: { id: schoolId, tenantId },
    },
    takeTurn,
    signal,
  }: Route,
  personId: string,
  activity: Partial<Activity>,
  anew: boolean,
): Promise<Outcome> {
  const key = targetKey(target);
  const remembered = await directory.find(schoolId, key);
  if (remembered && !anew)
    return (await takeTurn()) ?? connector.post(serviceUrl, remembered.conversationId, activity, null, signal);
  const accountId = remembered?.accountId ?? personId;
  const parameters = {
    isGroup: false,
    bot: { id: accountOf(botId) },
    members: [{ id: accountId }],
    tenantId,
    channelData: { tenant: { id: tenantId } },
  };
  const called = await connector.createConversation(serviceUrl, parameters, signal);
  if (!called.ok) return called.outcome;
  if (called.id === null) return { kind: 'busy' };
  const conversation = { conversationId: called.id, ...(remembered?.accountId && { accountId }) };
  await directory.remember(schoolId, key, conversation);
  return (await takeTurn()) ?? connector.post(serviceUrl, called.id, activity, null, signal);
}

/** Teams' name for a bot: 28 and its app id. */
const accountOf = (botId: string | undefined): string => `28:${botId ?? 'policy-desk'}`;
