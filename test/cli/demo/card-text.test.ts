import { describe, expect, it } from 'vitest';
import { elementsIn } from '../../../src/cli/demo/card-parts.js';
import { cardLines } from '../../../src/cli/demo/card-text.js';
import type { Card } from '../../../src/teams/cards/template.js';
import { sampleCards } from '../../cards/samples.js';
import { sampleSchool } from '../../support/sample-school.js';

const card = (...body: object[]): Card => ({ type: 'AdaptiveCard', version: '1.5', fallbackText: '', body });
const text = (...body: object[]) => cardLines(card(...body), 40).map((line) => line.text);

describe('a card as text', () => {
  it('fits the width, whatever card it is, and names every button that can be seen', async () => {
    for (const [name, sample] of Object.entries(await sampleCards(await sampleSchool()))) {
      const lines = cardLines(sample, 60);
      expect(
        lines.filter((line) => line.text.length > 60),
        name,
      ).toEqual([]);
      const said = lines.map((line) => line.text).join(' ');
      const buttons = elementsIn(sample.body.filter((one) => !('isVisible' in one))).filter(
        ({ type, title }) => type === 'Action.Submit' && typeof title === 'string' && title !== '',
      );
      for (const { title } of buttons) expect(said, name).toContain(String(title).split(' ')[0]);
    }
  });

  it('shows what was typed and chosen, and the choices that lie open', () => {
    const choices = [
      { title: 'Yes', value: 'y' },
      { title: 'No', value: 'n' },
    ];
    const choice = { type: 'Input.ChoiceSet', id: 'a', label: 'Sure?', choices, value: 'n' };
    expect(text({ ...choice, style: 'expanded' })).toEqual(['Sure?', '  [ ] Yes', '  [x] No']);
    expect(text({ ...choice, style: 'compact' })).toEqual(['Sure?', '  ▾ No']);
    expect(text({ type: 'Input.Text', id: 'b', label: 'Why?', value: 'Because' })).toEqual(['Why?', '  Because']);
  });

  it('takes the signs of Markdown for what they mean, and only in blocks of text', () => {
    expect(text({ type: 'TextBlock', text: '\\*not\\* **bold**' })).toEqual(['*not* bold']);
    expect(text({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: '**as typed**' }] })).toEqual([
      '**as typed**',
    ]);
  });

  it('shows what stands in the place of a chart, and leaves out what is folded away', () => {
    const fallback = { type: 'TextBlock', text: 'A table' };
    expect(
      text({ type: 'Chart.VerticalBar', fallback }, { type: 'TextBlock', text: 'Hidden', isVisible: false }),
    ).toEqual(['A table']);
  });

  it('lines the cells of a table up', () => {
    const row = (...cells: string[]) => ({
      type: 'TableRow',
      cells: cells.map((words) => ({ type: 'TableCell', items: [{ type: 'TextBlock', text: words }] })),
    });
    expect(text({ type: 'Table', rows: [row('What', 'Count'), row('Bullying', '11')] })).toEqual([
      'What       Count',
      'Bullying   11',
    ]);
  });
});
