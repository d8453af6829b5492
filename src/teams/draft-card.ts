import type { TurnContext } from 'botbuilder';
import { type Log, traceOf } from '../log.js';
import type { Draft, StoredDraft } from '../reports/draft.js';
import type { DraftOwner, DraftStore } from '../reports/stores.js';
import type { Directory } from '../schools/directory.js';
import type { School } from '../schools/school.js';
import { cardMessage } from './cards/message.js';
import type { Card } from './cards/template.js';
import type { Connector } from './connector.js';
import { markedWhereShared } from './school-mark.js';
import { serviceUrlFor } from './service-url.js';

const REDRAW_DEADLINE_MS = 5_000;

/** The card in the chat that a turn answers to, which shows a draft from now on. */
export function cardIn({ activity }: TurnContext, sentId?: string): Draft['card'] {
  const activityId = sentId ?? activity.replyToId;
  return activityId === undefined ? null : { conversationId: activity.conversation.id, activityId };
}

export interface RedrawParts {
  readonly schools: readonly School[];
  readonly drafts: DraftStore;
  readonly directory: Directory;
  readonly connector: Connector;
  readonly hasIdentity: boolean;
  readonly log: Log;
  /** Draws the card of an open draft as it is now. */
  readonly draw: (stored: StoredDraft, school: School) => Promise<Card>;
}

/**
 * Redraws the card of a draft after a file has come in by another way. A courtesy: the file is kept whether or not it succeeds.
 * Only the evidence card is redrawn, because another may hold what is being typed. Where several files come together, the card is
 * drawn by one after the other, so that an earlier state never comes last; who comes while it is drawn leaves it to be drawn again.
 */
export function redrawDraft(parts: RedrawParts): (owner: DraftOwner) => Promise<void> {
  /** Whose card is being drawn, and whether once more. */
  const drawn = new Map<string, 'last' | 'again'>();
  return async (owner) => {
    const key = `${owner.schoolId}~${owner.personId}`;
    if (drawn.has(key)) {
      drawn.set(key, 'again');
      return;
    }
    try {
      do {
        drawn.set(key, 'last');
        await redraw(parts, owner);
      } while (drawn.get(key) === 'again');
    } catch (error) {
      parts.log.warn({ event: 'draft.not_redrawn', schoolId: owner.schoolId, ...traceOf(error) });
    } finally {
      drawn.delete(key);
    }
  };
}

async function redraw(parts: RedrawParts, owner: DraftOwner): Promise<void> {
  const school = parts.schools.find(({ profile }) => profile.id === owner.schoolId);
  if (!school) return;
  const stored = await parts.drafts.open(owner);
  if (stored?.draft.step !== 'evidence' || stored.draft.card === null) return;
  const serviceUrl = await serviceUrlFor(parts.directory, school.profile, parts.hasIdentity);
  if (serviceUrl === undefined) return;
  const message = markedWhereShared(cardMessage(await parts.draw(stored, school)), school, parts.schools);
  await parts.connector.update(serviceUrl, stored.draft.card, message, AbortSignal.timeout(REDRAW_DEADLINE_MS));
}
