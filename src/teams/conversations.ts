import type { Activity } from 'botbuilder';
import { type Log, traceOf } from '../log.js';
import { targetKey } from '../schools/delivery.js';
import type { Directory } from '../schools/directory.js';
import { type School, schoolAt } from '../schools/school.js';
import { isTrusted } from './service-url.js';
import { isPersonal, originOf } from './turn.js';

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
  const known = new Map<string, string>();
  const once = async (key: string, value: string, write: () => Promise<void>) => {
    if (known.get(key) === value) return;
    await write();
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, value);
  };
  return async (activity) => {
    const school = schoolAt(schools, originOf(activity));
    if (!school) return;
    const { id: schoolId, tenantId } = school.profile;
    // What was remembered before has been found to be trusted.
    if (known.get(tenantId) !== activity.serviceUrl && !isTrusted(activity.serviceUrl, parts.hasIdentity)) return;
    const key = keyOf(activity, school);
    const conversation = {
      conversationId: activity.conversation.id.replace(/;messageid=.*$/u, ''),
      ...(isPersonal(activity) && { accountId: activity.from.id }),
    };
    try {
      await Promise.all([
        once(tenantId, activity.serviceUrl, () => directory.rememberServiceUrl(tenantId, activity.serviceUrl)),
        key &&
          once(`${schoolId}/${key}`, JSON.stringify(conversation), () =>
            directory.remember(schoolId, key, conversation),
          ),
      ]);
    } catch (error) {
      log.warn({ event: 'directory.not_remembered', schoolId, ...traceOf(error) });
    }
  };
}

/** The part a conversation plays for its school; `undefined` for one that nothing is ever owed to. */
function keyOf(activity: Activity, { profile: { teams } }: School): string | undefined {
  const personId = activity.from.aadObjectId;
  if (isPersonal(activity)) return personId && targetKey({ to: 'person', personId });
  const id = activity.conversation.id.replace(/;messageid=.*$/u, '');
  if (id === teams.headteacherChannel.id) return targetKey({ to: 'headteacher_channel' });
  return id === teams.governorsChat.id ? targetKey({ to: 'governors_chat' }) : undefined;
}
