/** Where a report goes, decided by whom it is about. */
export type Route = {
  readonly way: 'headteacher_channel' | 'headteacher_chat' | 'chair' | 'trust' | 'safeguarding' | 'nobody';
  /** Entra object ids of the people who get it in their own chat. */
  readonly people: readonly string[];
  /** Whether its card, with the least in it, is posted in the Headteacher's channel. */
  readonly channel: boolean;
  /** Entra object ids of people it is about, who see nothing of it. */
  readonly recused: readonly string[];
  /** The LADO's contact is given to the reporter. */
  readonly lado: boolean;
};
