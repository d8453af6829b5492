import { ActivityTypes } from 'botbuilder';
import type { StoredHealth } from '../schools/channel-health.js';
import { type Delivery, type Target, targetKey } from '../schools/delivery.js';
import { maySetUp } from '../schools/people.js';
import type { School } from '../schools/school.js';
import { timeAt } from '../schools/time.js';
import type { BotApplication, BotParts } from './bot.js';
import { cardMessage } from './cards/message.js';
import { type StatusSection, statusCard } from './cards/status-view.js';
import type { Part, Place } from './places.js';
import { schoolOf } from './school-of.js';
import { asksForStatus } from './setup-words.js';
import * as lines from './status-lines.js';
import { isForBot, isPersonal, messageOf, originOf } from './turn.js';

const NOT_ALLOWED =
  'Only the Headteacher, a deputy or an administrator of Policy Desk can see how I am connected. To see what you have reported, type “my reports” in our own chat.';

/** "status": what is connected, what is not, and when a delivery last worked. */
export function registerStatus(app: BotApplication, parts: BotParts): void {
  app.activity(
    async ({ activity }) =>
      activity.type === ActivityTypes.Message && isForBot(activity) && asksForStatus(messageOf(activity)),
    async (context) => {
      const { activity } = context;
      const school = await schoolOf(context, parts);
      if (!school) return;
      const { id: schoolId, timeZone } = school.profile;
      const allowed = maySetUp(school.profile, originOf(activity).personId);
      parts.log.info({ event: allowed ? 'status.shown' : 'status.refused', schoolId });
      if (!allowed) {
        await context.sendActivity(NOT_ALLOWED);
        return;
      }
      const withNames = isPersonal(activity);
      const card = statusCard({
        at: timeAt(parts.now(), timeZone),
        version: parts.setup.condition.version,
        sections: await sectionsOf(parts, school, withNames),
        leftOut: withNames
          ? null
          : 'Others read here, so names are left out: type “status” in our own chat to see them.',
      });
      await context.sendActivity(cardMessage(card));
    },
  );
}

/** @param withNames whether nobody else reads it. */
async function sectionsOf(parts: BotParts, school: School, withNames: boolean): Promise<readonly StatusSection[]> {
  const { condition } = parts.setup;
  const trouble = await condition.unreachable();
  const service: StatusSection = {
    title: 'Storage and links',
    lines: [lines.storageLine(trouble), lines.linksLine(condition.linksOrigin)],
  };
  const files = lines.policySection(school, condition.faultSince(school.profile.id), parts.now());
  return [...(trouble === undefined ? await conversations(parts, school, withNames) : []), files, service];
}

/** What only storage knows. */
async function conversations(parts: BotParts, school: School, withNames: boolean): Promise<readonly StatusSection[]> {
  const [channel, chat, health, waiting, people] = await Promise.all([
    partOf(parts, school, 'headteacher_channel'),
    partOf(parts, school, 'governors_chat'),
    parts.setup.health.find(school.profile.id),
    waitingFor(parts, school),
    lines.receiverSection(school.profile, (personId) => hasChat(parts, school, { to: 'person', personId }), withNames),
  ]);
  const { timeZone } = school.profile;
  return [
    {
      title: 'The channel for reports',
      lines: lines.channelLines({
        ...channel,
        waiting: waiting.headteacher_channel,
        health: aboutIt(health, channel.place),
        timeZone,
      }),
    },
    {
      title: 'The chat for governors’ summaries',
      lines: lines.chatLines({ ...chat, waiting: waiting.governors_chat, timeZone }),
    },
    people,
  ];
}

async function partOf({ places, setup: { directory } }: BotParts, school: School, part: Part) {
  const key = targetKey({ to: part });
  const [place, lastSent, heard] = await Promise.all([
    places.of(school, part),
    directory.lastSent(school.profile.id, key),
    directory.find(school.profile.id, key),
  ]);
  return { place, lastSent, heard: heard !== undefined };
}

const hasChat = async ({ setup: { directory } }: BotParts, { profile: { id } }: School, target: Target) =>
  (await directory.find(id, targetKey(target))) !== undefined;

/** What is known of another channel says nothing of this one. */
const aboutIt = (stored: StoredHealth | undefined, { id }: Place) =>
  stored?.health.channelId === id ? stored.health : undefined;

async function waitingFor({ setup: { outbox } }: BotParts, { profile: { id } }: School) {
  const waiting: Record<Part, Delivery[]> = { headteacher_channel: [], governors_chat: [] };
  for await (const { stored } of outbox.waiting(id)) {
    const { target } = stored.delivery;
    if (target.to !== 'person') waiting[target.to].push(stored.delivery);
  }
  return waiting;
}
