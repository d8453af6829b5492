/** A conversation of a school, by the part it plays; where it is in Teams is looked up when something is sent. */
export type Target =
  | { readonly to: 'headteacher_channel' }
  | { readonly to: 'governors_chat' }
  /** A person's own chat with the bot, by their Entra object id. */
  | { readonly to: 'person'; readonly personId: string };

/** Where a message goes within its conversation; `order` names an earlier delivery of the same partition. */
export type Placement =
  | { readonly at: 'new' }
  /**
   * Its card takes the place of the earlier one; posted as new when that was never sent or is gone.
   *
   * `only`: then nothing is posted.
   */
  | { readonly at: 'in_place_of'; readonly order: number; readonly only?: true }
  /** It answers below the earlier one. */
  | { readonly at: 'below'; readonly order: number };

/** A message that an event causes: what it is, and to whom. Its words are made when it is sent, from what `kind` and `refs` name. */
export interface NewDelivery {
  /** Names the renderer that makes the message: "enquiry.asked". */
  readonly kind: string;
  readonly refs: Readonly<Record<string, string>>;
  readonly target: Target;
  readonly placement: Placement;
  /** Of a message that a turn has sent itself: what it has become. It is only kept, so that another can take its place. */
  readonly sent?: SentMessage;
}

/** Where deliveries lie: the table and the partition of the event that caused them. */
export interface OutboxPlace {
  readonly table: string;
  /** Begins with the school's id and `~`. */
  readonly partition: string;
}

/** What the channel says a sent message has become. */
export interface SentMessage {
  readonly conversationId: string;
  /** `null` where the channel did not say. */
  readonly activityId: string | null;
}

/** Why a delivery was given up. */
export type GivenUpReason =
  /** The channel refused it again and again: the bot was removed, the conversation is gone. */
  | 'refused'
  /** It could not be reached for days. */
  | 'unreachable'
  /** What it was about is no longer there. */
  | 'obsolete';

export type DeliveryState =
  /** `due`: not to be tried before; whoever is sending it has moved this ahead, so that nobody else does meanwhile. */
  | {
      readonly state: 'owed';
      readonly due: Date;
      /** Somebody is sending it, or has died before what came of that was noted: then it may have arrived. */
      readonly claimed?: true;
    }
  | { readonly state: 'sent'; readonly at: Date; readonly message: SentMessage }
  | { readonly state: 'given_up'; readonly at: Date; readonly reason: GivenUpReason };

/** One message owed to one conversation; committed with the event that caused it, then sent, retried, never forgotten. */
export interface Delivery extends NewDelivery {
  /** Its turn within the partition, from 1. */
  readonly order: number;
  readonly schoolId: string;
  readonly owedSince: Date;
  readonly attempts: number;
  /** How many of the attempts the channel refused. */
  readonly refusals: number;
  /** The channel has said that the message which it is to replace or to answer is not there any more. */
  readonly gone?: true;
  readonly progress: DeliveryState;
}

/** A delivery as read, with the version (ETag) that a change must name. */
export interface StoredDelivery {
  readonly delivery: Delivery;
  readonly version: string;
}

/** Where deliveries are kept. Every method rejects only when the store cannot be reached in time. */
export interface Outbox {
  /** All deliveries of a partition, in order. */
  read(place: OutboxPlace): Promise<readonly StoredDelivery[]>;
  /** @returns the new version; `undefined` when another has changed the delivery since it was read. */
  save(place: OutboxPlace, delivery: Delivery, version: string): Promise<string | undefined>;
  /**
   * The partitions with a delivery that was due by a time, each once.
   *
   * @param seen told of all that is owed on the way, due or not.
   */
  overdue(by: Date, seen?: (place: OutboxPlace, owedSince: Date) => void): AsyncIterable<OutboxPlace>;
  /** Everything that a school is owed and that is not sent yet. */
  waiting(schoolId: string): AsyncIterable<{ readonly place: OutboxPlace; readonly stored: StoredDelivery }>;
}

/** A partition taken from the queue, for as long as the lease lasts. */
export interface QueuedPlace {
  readonly place: OutboxPlace;
  /** Takes it off the queue. */
  done(): Promise<void>;
  /** Lets others have it at once. */
  release(): Promise<void>;
}

/** Wakes workers; nothing is lost when it loses something, as the outbox is swept. */
export interface DeliveryQueue {
  /** @param delayMs not to be taken before. */
  add(place: OutboxPlace, delayMs: number): Promise<void>;
  /** Takes up to `limit` partitions, without waiting for any. What cannot be worked on is set aside where operators see it. */
  take(limit: number): Promise<readonly QueuedPlace[]>;
}

/** Told after a commit that deliveries are owed. Never rejects. */
export interface DeliveryNotice {
  committed(place: OutboxPlace): Promise<void>;
}

/** A conversation as a key: "channel~headteacher", "user~<object id>". */
export function targetKey(target: Target): string {
  if (target.to === 'person') return `user~${target.personId.toLowerCase()}`;
  return target.to === 'headteacher_channel' ? 'channel~headteacher' : 'chat~governors';
}

/** Reads back what {@link targetKey} made. */
export function targetOfKey(key: string): Target {
  if (key === 'channel~headteacher') return { to: 'headteacher_channel' };
  if (key === 'chat~governors') return { to: 'governors_chat' };
  return { to: 'person', personId: key.replace(/^user~/u, '') };
}

/** The school whose deliveries lie in a partition. */
export const schoolIdOf = ({ partition }: OutboxPlace): string => partition.split('~')[0] ?? '';
