import { ActivityTypes, type TurnContext } from 'botbuilder';
import { type Log, traceOf } from '../log.js';

/** Answers that come sooner would only be preceded by a flicker, and count towards how much a bot may send. */
const NOTICEABLE_MS = 250;

/** Shows that the bot is typing once some work takes noticeably long. The work does not depend on it. */
export async function withTyping<Result>(context: TurnContext, log: Log, work: () => Promise<Result>): Promise<Result> {
  let shown: Promise<unknown> = Promise.resolve();
  const timer = setTimeout(() => {
    shown = context
      .sendActivity({ type: ActivityTypes.Typing })
      .catch((error: unknown) => log.debug({ event: 'ask.typing_not_shown', ...traceOf(error) }));
  }, NOTICEABLE_MS);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    // What is sent next must not be overtaken by it.
    await shown;
  }
}
