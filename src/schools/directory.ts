/** What is known of a conversation from a turn in it. */
export interface RememberedConversation {
  readonly conversationId: string;
  /** The channel's own id of the person, in their own chat. */
  readonly accountId?: string;
}

/** The channel or chat that a school has chosen in Teams for a part, in place of the one that its profile names. */
export interface ChosenPlace {
  /** Teams' id of the channel or chat. */
  readonly id: string;
  /** `null` for a chat. */
  readonly teamId: string | null;
  /** `null` where Teams did not say. */
  readonly name: string | null;
  /** Entra object id. */
  readonly chosenBy: string;
  readonly chosenAt: Date;
}

/** Where conversations are remembered. Every method rejects only when the store cannot be reached in time. */
export interface Directory {
  /** @param key as `targetKey` makes it. @returns `undefined` when nobody has spoken there. */
  find(schoolId: string, key: string): Promise<RememberedConversation | undefined>;
  remember(schoolId: string, key: string, conversation: RememberedConversation): Promise<void>;
  /** The bot was removed from there. What was chosen for a part stays chosen. */
  forget(schoolId: string, key: string): Promise<void>;
  /** @returns `undefined` while the profile's holds. */
  chosen(schoolId: string, key: string): Promise<ChosenPlace | undefined>;
  choose(schoolId: string, key: string, place: ChosenPlace): Promise<void>;
  /** When a delivery was last brought there, to the minute or so; `undefined` when none was since the place was chosen. */
  lastSent(schoolId: string, key: string): Promise<Date | undefined>;
  noteSent(schoolId: string, key: string, at: Date): Promise<void>;
  /** Where the channel's service was when the tenant's latest turn came. */
  serviceUrl(tenantId: string): Promise<string | undefined>;
  rememberServiceUrl(tenantId: string, serviceUrl: string): Promise<void>;
}
