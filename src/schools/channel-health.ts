import type { NewDelivery, OutboxPlace } from './delivery.js';

/** Why nothing can be posted in the Headteacher's channel. */
export type LossCause =
  /** The bot was taken out of the team or the channel. */
  | 'removed'
  /** The channel or its team was deleted or archived. */
  | 'gone'
  /** Teams refused a message, and nothing was said before. */
  | 'refused';

/** Whether the Headteacher's channel can be written to, as far as is known. */
export type ChannelHealth = {
  /** Teams' id of the channel it is about. */
  readonly channelId: string;
  readonly since: Date;
} & ({ readonly state: 'works' } | { readonly state: 'lost'; readonly cause: LossCause });

/** As read, with what a change must name. */
export interface StoredHealth {
  readonly health: ChannelHealth;
  readonly version: string;
  /** How many deliveries its changes have caused. */
  readonly deliveries: number;
}

/** Where it is kept. Every method rejects only when the store cannot be reached in time. */
export interface ChannelHealthStore {
  /** @returns `undefined` while nothing has been noted. */
  find(schoolId: string): Promise<StoredHealth | undefined>;
  /** Together with whom it is told to. @returns `undefined` when another has changed it since it was read. */
  save(
    schoolId: string,
    before: StoredHealth | undefined,
    health: ChannelHealth,
    deliveries: readonly NewDelivery[],
  ): Promise<OutboxPlace | undefined>;
}
