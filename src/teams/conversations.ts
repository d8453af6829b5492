import { type Activity, ActivityTypes } from 'botbuilder';
import { type Log, traceOf } from '../log.js';
import { targetKey } from '../schools/delivery.js';
import type { Directory, RememberedConversation } from '../schools/directory.js';
import { type School, schoolAt, schoolsFitting } from '../schools/school.js';
import { createPlaces, type Places } from './places.js';
import { isTrusted } from './service-url.js';
import { conversationOf, isPersonal, originOf } from './turn.js';

export interface ConversationsParts {
  readonly schools: readonly School[];
  readonly directory: Directory;
  readonly log: Log;
  /** Whether turns are authenticated. */
  readonly hasIdentity: boolean;
}

/** More than the people of the schools that one process serves. */
const MOST_KNOWN = 20_000;

/**
 * Remembers from each turn where its conversation is, so that it can be written to later.
 *
 * @returns a function that takes an authenticated activity. It never rejects: no answer fails because of it. What is unchanged
 * since this process last wrote it is not written again.
 */
export function rememberConversations(parts: ConversationsParts): (activity: Activity) => Promise<void> {
  const { directory, log, schools } = parts;
  const places = createPlaces(directory);
  const known = new Map<string, string>();
  const once = async (key: string, value: string, write: () => Promise<void>) => {
    if (known.get(key) === value) return;
    await write();
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, value);
  };
  const rememberOne = async (
    activity: Activity,
    schoolId: string,
    key: string,
    conversation: RememberedConversation,
  ) => {
    const name = `${schoolId}/${key}`;
    // Another process may have seen it go, or come back.
    if (activity.type === ActivityTypes.InstallationUpdate) known.delete(name);
    if (isRemoval(activity)) await directory.forget(schoolId, key);
    else await once(name, JSON.stringify(conversation), () => directory.remember(schoolId, key, conversation));
  };
  const rememberAt = async (activity: Activity, school: School) => {
    const { id: schoolId, tenantId } = school.profile;
    // What was remembered before has been found to be trusted.
    if (known.get(tenantId) !== activity.serviceUrl && !isTrusted(activity.serviceUrl, parts.hasIdentity)) return;
    const conversation = {
      conversationId: conversationOf(activity),
      ...(isPersonal(activity) && { accountId: activity.from.id }),
    };
    try {
      const key = await keyOf(activity, school, places);
      await Promise.all([
        once(tenantId, activity.serviceUrl, () => directory.rememberServiceUrl(tenantId, activity.serviceUrl)),
        key && rememberOne(activity, schoolId, key, conversation),
      ]);
    } catch (error) {
      log.warn({ event: 'directory.not_remembered', schoolId, ...traceOf(error) });
    }
  };
  return async (activity) => {
    await Promise.all(schoolsOf(schools, activity).map((school) => rememberAt(activity, school)));
  };
}

/** Somebody has one chat with the bot, at however many schools of the tenant they are, and whichever of these they mean. */
function schoolsOf(schools: readonly School[], activity: Activity): readonly School[] {
  const origin = originOf(activity);
  if (isPersonal(activity)) return schoolsFitting(schools, origin);
  const school = schoolAt(schools, origin);
  return school ? [school] : [];
}

/** The part a conversation plays for its school; `undefined` for one that nothing is ever owed to. */
async function keyOf(activity: Activity, school: School, places: Places): Promise<string | undefined> {
  const personId = activity.from.aadObjectId;
  if (isPersonal(activity)) return personId && targetKey({ to: 'person', personId });
  const [channel, chat] = await Promise.all([places.headteacherChannelOf(school), places.governorsChatOf(school)]);
  const id = conversationOf(activity);
  if (id === channel.id) return targetKey({ to: 'headteacher_channel' });
  return id === chat.id ? targetKey({ to: 'governors_chat' }) : undefined;
}

const isRemoval = ({ type, action }: Activity): boolean =>
  type === ActivityTypes.InstallationUpdate && action === 'remove';
