/** How many messages Teams takes in one conversation within a time: bots, "Optimize your bot with rate limiting". */
const LIMITS = [
  { messages: 7, withinMs: 1_000 },
  { messages: 60, withinMs: 30_000 },
  { messages: 1_800, withinMs: 3_600_000 },
] as const;
const LONGEST_MS = 3_600_000;

/** Keeps the messages to each conversation apart as far as Teams' limits ask. Each process keeps its own count. */
export class Pace {
  /** Times of the messages of the last hour, oldest first, by conversation. */
  readonly #sent = new Map<string, number[]>();
  readonly #held = new Map<string, number>();

  /** The earliest time, in milliseconds, at which another message may go to a conversation. */
  next(conversation: string, now: number): number {
    // What is further ahead than any wait was noted by a clock that was wrong.
    const credible = (time: number) => time <= now + LONGEST_MS;
    const sent = (this.#sent.get(conversation) ?? []).filter(credible);
    const held = [this.#held.get(conversation) ?? 0].filter(credible);
    const free = LIMITS.map(({ messages, withinMs }) => {
      const earlier = sent.at(-messages);
      return earlier === undefined ? now : earlier + withinMs + 1;
    });
    return Math.max(now, ...held, sent.at(-1) ?? 0, ...free);
  }

  /** Takes that time for a message: the next will get a later one if need be. @returns the time to send it. */
  take(conversation: string, now: number): number {
    const at = this.next(conversation, now);
    const sent = (this.#sent.get(conversation) ?? []).filter((time) => Math.abs(time - now) <= LONGEST_MS);
    this.#sent.set(conversation, [...sent, at]);
    return at;
  }

  /** Sends nothing to a conversation before a time, as the channel asked. */
  hold(conversation: string, until: number): void {
    this.#held.set(conversation, Math.max(until, this.#held.get(conversation) ?? 0));
  }

  /** How long, in milliseconds, the channel has still asked to send nothing there. */
  heldFor(conversation: string, now: number): number {
    const left = (this.#held.get(conversation) ?? 0) - now;
    return left <= LONGEST_MS ? Math.max(0, left) : 0;
  }

  /** Forgets conversations that are long quiet. */
  forget(now: number): void {
    for (const [conversation, sent] of this.#sent)
      if ((sent.at(-1) ?? 0) <= now - LONGEST_MS) this.#sent.delete(conversation);
    for (const [conversation, until] of this.#held) if (until <= now) this.#held.delete(conversation);
  }
}
