/** What is known of a conversation from a turn in it. */
export interface RememberedConversation {
  readonly conversationId: string;
  /** The channel's own id of the person, in their own chat. */
  readonly accountId?: string;
}

/** Where conversations are remembered. Every method rejects only when the store cannot be reached in time. */
export interface Directory {
  /** @param key as `targetKey` makes it. @returns `undefined` when nobody has spoken there. */
  find(schoolId: string, key: string): Promise<RememberedConversation | undefined>;
  remember(schoolId: string, key: string, conversation: RememberedConversation): Promise<void>;
  /** Where the channel's service was when the tenant's latest turn came. */
  serviceUrl(tenantId: string): Promise<string | undefined>;
  rememberServiceUrl(tenantId: string, serviceUrl: string): Promise<void>;
}
