import type { Part } from './places.js';

const HERE =
  '(?:(?:this|the) (?:(?:group )?chat|group|conversation|(?:private )?channel|team)|this(?= (?:the|our) )|here)';
const REPORTS = '(?:(?:the|all|our|new) )*(?:reports?|reporting)(?: (?:to|for) the head(?:teacher| teacher)?)?';
const GOVERNORS =
  "(?:(?:the|all|our) )*(?:governors?['’]?s?['’]?(?: (?:termly |half-termly )?(?:summar(?:y|ies)|figures|reports?|updates?))?|summar(?:y|ies)(?: (?:to|for) (?:the )?governors)?)";

const LINK = '(?:(?:as )?(?:the |our )?(?:channel|chat|place) for|for|as|to (?:take|get|receive|show))';

const asking = (what: string): RegExp =>
  new RegExp(
    `^(?:please |can you |could you )*(?:${[
      `(?:use|make|set|set up|take|choose) ${HERE} (?:${LINK} |(?=(?:the|our) ))${what}(?: (?:channel|chat))?`,
      `(?:send|post|put|show|bring) ${what} (?:(?:to|in|into) )?${HERE}`,
      `${what} (?:go|come|belong) (?:(?:to|in|into) )?${HERE}`,
    ].join('|')})(?:,? please)?\\W*$`,
    'iu',
  );
const ASKS: readonly (readonly [Part, RegExp])[] = [
  ['governors_chat', asking(GOVERNORS)],
  ['headteacher_channel', asking(REPORTS)],
];

/** The part that a message, as a whole, gives to the conversation it stands in; `undefined` for any other message. */
export const partAskedFor = (message: string): Part | undefined => ASKS.find(([, asks]) => asks.test(message))?.[0];

const ASKS_FOR_STATUS =
  /^(?:please )?(?:\/?status|(?:show|what(?:['’]?s| is))(?: me)?(?: the| your)? status|what(?:['’]?s| is) (?:and what (?:is not|isn['’]?t) )?connected|is (?:everything|it all) (?:connected|working|set up))(?:,? please)?\W*$/iu;

/** Whether a message asks how Policy Desk is connected. */
export const asksForStatus = (message: string): boolean => ASKS_FOR_STATUS.test(message);
