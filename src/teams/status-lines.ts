import type { ChannelHealth, LossCause } from '../schools/channel-health.js';
import type { Delivery } from '../schools/delivery.js';
import { type Person, receivers } from '../schools/people.js';
import type { Role, SchoolProfile } from '../schools/profile.js';
import type { School } from '../schools/school.js';
import { dayAt, timeAt } from '../schools/time.js';
import type { StatusLine, StatusSection } from './cards/status-view.js';
import type { Place } from './places.js';

/** A channel or chat, and what is known of sending there. */
export interface PartStatus {
  readonly place: Place;
  readonly lastSent: Date | undefined;
  /** Somebody has spoken to the bot there. */
  readonly heard: boolean;
  readonly waiting: readonly Delivery[];
  readonly timeZone: string;
}

const WHY: Readonly<Record<LossCause, string>> = {
  removed: 'Policy Desk was removed from the team or the channel',
  gone: 'the channel or its team was deleted or archived',
  refused: 'Teams does not let Policy Desk post there',
};

/** The channel that takes reports. */
export function channelLines(status: PartStatus & { readonly health: ChannelHealth | undefined }): StatusLine[] {
  const { place, health, timeZone, lastSent, heard } = status;
  const isIt = `Reports go to ${named(place, 'channel')}, ${chosen(place, timeZone)}.`;
  const first: StatusLine =
    health?.state === 'lost'
      ? {
          mark: 'broken',
          line: `${isIt} Since ${timeAt(health.since, timeZone)} nothing can be posted there: ${WHY[health.cause]}.`,
        }
      : isConnected({ place, lastSent, heard })
        ? { mark: 'works', line: isIt }
        : {
            mark: 'look',
            line: `${isIt} Nobody has spoken to me there yet. Add me to the team, and write “@Policy Desk use this channel for reports” in the channel.`,
          };
  return [first, lastLine(status), waitingLine(status)];
}

/** The chat that gets governors' summaries. */
export function chatLines(status: PartStatus): StatusLine[] {
  const { place, timeZone } = status;
  const isIt = `Summaries go to ${named(place, 'chat')}, ${chosen(place, timeZone)}.`;
  const first: StatusLine = isConnected(status)
    ? { mark: 'works', line: isIt }
    : {
        mark: 'look',
        line: `${isIt} Nobody has spoken to me there yet. Add me to the chat, and write “@Policy Desk use this chat for governors’ summaries”.`,
      };
  return [first, lastLine(status), waitingLine(status)];
}

/** Whether the bot is known to be there: somebody chose it there, spoke to it, or got something from it. */
export const isConnected = ({ place, lastSent, heard }: Pick<PartStatus, 'place' | 'lastSent' | 'heard'>): boolean =>
  place.chosenAt !== null || lastSent !== undefined || heard;

const named = ({ name }: Place, kind: string): string =>
  name === null ? `a ${kind} without a known name` : `the ${kind} “${name}”`;

const chosen = ({ chosenAt }: Place, timeZone: string): string =>
  chosenAt === null ? 'as the school’s settings say' : `chosen on ${timeAt(chosenAt, timeZone)}`;

const lastLine = ({ lastSent, timeZone }: PartStatus): StatusLine => ({
  mark: 'fact',
  line: lastSent ? `A delivery last worked on ${timeAt(lastSent, timeZone)}.` : 'Nothing has been delivered there yet.',
});

function waitingLine({ waiting, timeZone }: PartStatus): StatusLine {
  const [first, ...others] = waiting.map(({ owedSince }) => owedSince.getTime());
  if (first === undefined) return { mark: 'fact', line: 'Nothing waits to be delivered.' };
  const oldest = timeAt(new Date(Math.min(first, ...others)), timeZone);
  const count = waiting.length === 1 ? '1 message waits' : `${waiting.length} messages wait`;
  return {
    mark: waiting.some(({ refusals }) => refusals > 0) ? 'look' : 'fact',
    line: `${count} to be delivered, since ${oldest}.`,
  };
}

const OFFICES: readonly (readonly [Role, string])[] = [
  ['headteacher', 'Headteacher'],
  ['deputy_headteacher', 'deputy'],
  ['dsl', 'safeguarding lead'],
  ['triager', 'triager'],
  ['chair_of_governors', 'chair of governors'],
  ['trust_or_local_authority', 'trust or local authority'],
];

const HOW_TO_CONNECT: StatusLine = {
  mark: 'fact',
  line: 'Nothing can reach a person without a chat. Please ask them to add Policy Desk in Teams, and to say hello to me.',
};

/** Whether everyone whom reports may go to can be written to. Somebody's name only where nobody else reads it. */
export async function receiverSection(
  profile: SchoolProfile,
  hasChat: (personId: string) => Promise<boolean>,
  withNames: boolean,
): Promise<StatusSection> {
  const people = await Promise.all(
    receivers(profile).map(async (person) => ({ person, connected: await hasChat(person.id) })),
  );
  const connected = people.filter((one) => one.connected).length;
  const title = 'People who receive reports';
  if (withNames) {
    const lines = people.map((one) => personLine(one.person, one.connected));
    return { title, lines: connected === people.length ? lines : [...lines, HOW_TO_CONNECT] };
  }
  const line = `${connected} of ${people.length} have a chat with me.`;
  return { title, lines: [{ mark: connected === people.length ? 'works' : 'look', line }] };
}

function personLine({ name, roles }: Person, connected: boolean): StatusLine {
  const offices = OFFICES.filter(([role]) => roles.includes(role)).map(([, office]) => office);
  const who = `${name} (${offices.join(', ')})`;
  return connected
    ? { mark: 'works', line: `${who} has a chat with me.` }
    : {
        mark: 'look',
        line: `${who} has no chat with me yet.`,
      };
}

/** The policies as read, and whether the files can be read as they are now. */
export function policySection({ profile, policies }: School, faultSince: Date | undefined, now: Date): StatusSection {
  const { timeZone } = profile;
  const today = now.toISOString().slice(0, 10);
  const read = policies.map(({ title, version, review }): StatusLine => {
    const which = version === null ? `“${title}”` : `“${title}”, version ${version}`;
    if (review === null) return { mark: 'works', line: `${which} is read. It names no date of review.` };
    return review < today.slice(0, review.length)
      ? { mark: 'look', line: `${which} is read. Its review was due on ${reviewDay(review, timeZone)}.` }
      : { mark: 'works', line: `${which} is read. Its review is due on ${reviewDay(review, timeZone)}.` };
  });
  const fault: StatusLine[] = faultSince
    ? [
        {
          mark: 'broken',
          line: `Since ${timeAt(faultSince, timeZone)} the school’s files cannot be read as they are now. I answer from them as they were before; the log says which.`,
        },
      ]
    : [];
  return { title: 'Policies', lines: [...fault, ...read] };
}

/** @param review `YYYY-MM-DD`, or `YYYY-MM`. */
function reviewDay(review: string, timeZone: string): string {
  const isMonth = review.length === 7;
  const day = dayAt(new Date(`${review}${isMonth ? '-01' : ''}T12:00:00Z`), timeZone);
  return isMonth ? day.replace(/^\d+ /u, '') : day;
}

export const storageLine = (trouble: string | undefined): StatusLine =>
  trouble === undefined
    ? { mark: 'works', line: 'Storage answers.' }
    : { mark: 'broken', line: `${trouble} What is said, sent and chosen cannot be kept or shown until it does.` };

const LOOPBACK = /^https?:\/\/(?:127\.|localhost\b|\[::1\])/u;

/** @param origin of links to pages of the bot's own. */
export function linksLine(origin: string | undefined): StatusLine {
  if (origin === undefined)
    return { mark: 'look', line: 'No address is set for links, so files come in by the chat alone. Set PUBLIC_URL.' };
  return LOOPBACK.test(origin)
    ? { mark: 'look', line: `Links lead to ${origin}, which opens on the bot’s own machine only. Set PUBLIC_URL.` }
    : { mark: 'works', line: `Links lead to ${origin}.` };
}
