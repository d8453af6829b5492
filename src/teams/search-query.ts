import {
  ActivityTypes,
  type MessagingExtensionAttachment,
  type MessagingExtensionResult,
  type TurnContext,
} from 'botbuilder';
import { z } from 'zod/v4';
import { newErrorReference } from '../errors.js';
import { traceOf } from '../log.js';
import { type School, schoolAt } from '../schools/school.js';
import type { BotApplication, BotParts } from './bot.js';
import { originOf, typeOf } from './turn.js';

/** A search command, as the app's manifest must name it. */
export interface SearchCommand {
  readonly id: string;
  readonly parameter: string;
}

const LONGEST_WORDS_CHARACTERS = 1_000;

/** What Teams sends of a query. The SDK goes through the parameters before we see them, so it is checked what they are. */
const query = z.object({
  commandId: z.string(),
  parameters: z.array(z.object({ name: z.string() })).optional(),
  queryOptions: z.object({ skip: z.number().optional() }).optional(),
});

const isOf =
  ({ id }: SearchCommand) =>
  async ({ activity: { type, name, value } }: TurnContext): Promise<boolean> =>
    type === ActivityTypes.Invoke && name === 'composeExtension/query' && query.safeParse(value).data?.commandId === id;

/**
 * Answers one search of the box where people write messages. It may be used in any conversation, so nothing is sent there, and
 * only whoever searches sees the results. There is one page.
 *
 * @param search `words` are trimmed, and empty where none were typed.
 */
export function onSearch(
  app: BotApplication,
  { schools, log }: BotParts,
  command: SearchCommand,
  search: (words: string, school: School, context: TurnContext) => Promise<MessagingExtensionResult>,
): void {
  app.messageExtensions.query(isOf(command), async (context, _state, { parameters, skip }) => {
    const { activity } = context;
    const school = schoolAt(schools, originOf(activity));
    if (!school) {
      log.warn({ event: 'turn.refused', code: 'not_a_school', activity: typeOf(activity) });
      return list([]);
    }
    if (skip > 0) return list([]);
    const typed: unknown = parameters[command.parameter];
    const words = typeof typed === 'string' ? typed.trim().slice(0, LONGEST_WORDS_CHARACTERS) : '';
    try {
      return await search(words, school, context);
    } catch (error) {
      const reference = newErrorReference();
      log.error({ event: 'turn.failed', reference, activity: typeOf(activity), ...traceOf(error) });
      return say(
        `Something went wrong on our side. Please try again. If it stays so, tell us the reference ${reference}.`,
      );
    }
  });
}

export const list = (attachments: MessagingExtensionAttachment[]): MessagingExtensionResult => ({
  type: 'result',
  attachmentLayout: 'list',
  attachments,
});

export const say = (text: string): MessagingExtensionResult => ({ type: 'message', text });
