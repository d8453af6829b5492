import { cardLines, type TextLine, type Tone, wrapped } from './card-text.js';
import type { Moment, Scene } from './recording.js';

/** The widest line, so that it fits a window beside others. */
export const WIDTH = 100;
/** Left of the text of a card. */
const EDGE = '  │ ';

const CODES: Readonly<Record<Tone, string>> = { plain: '', strong: '1', quiet: '2', alarm: '1;31', button: '36' };
const HEADING = '1;34';

/** Puts the story into lines for a terminal. @param coloured whether it understands colours; without them it says the same. */
export function storyTeller(coloured: boolean): (told: Scene | Moment) => string {
  const paint = (text: string, code: string) => (coloured && code !== '' ? `\u001b[${code}m${text}\u001b[0m` : text);
  const block = (text: string, code = '') =>
    wrapped(text, WIDTH, 'plain')
      .map((line) => paint(line.text, code))
      .join('\n');
  const framed = (lines: readonly TextLine[]) =>
    lines.map(({ text, tone }) => `${EDGE}${paint(text, CODES[tone])}`.trimEnd()).join('\n');
  return (told) => {
    if (!('kind' in told)) return `\n${block(`━━ ${told.title} ━━`, HEADING)}\n${block(told.lead)}\n`;
    switch (told.kind) {
      case 'says':
        return `\n${block(`${told.who}, ${told.where}, types: “${told.words}”`)}\n`;
      case 'does':
        return `\n${block(`→ ${told.words}`)}\n`;
      case 'picture':
        return `\n${block(`→ ${told.words}`)}\n`;
      case 'card':
        return `\n${block(`Seen by ${told.seen.by}, ${told.seen.where}: ${told.name}`, '1')}\n${framed(cardLines(told.card, WIDTH - EDGE.length))}\n`;
    }
  };
}
