import { describe, expect, it } from 'vitest';
import { readPolicy } from '../../src/policies/read-policy.js';
import { at, onePage, pdf, stream } from '../support/pdf.js';

const read = (draw: string) => readPolicy('policy.pdf', onePage(draw));
const clauses = async (draw: string) => (await read(draw)).clauses.map(({ label, text }) => [label, text]);
const WIDE = 'Staff keep their phones in the locker of the staff room while pupils are in school, and';

describe('a PDF', () => {
  it('has its lines joined to passages by what a reader sees', async () => {
    const draw = [
      at(60, 700, `1. ${WIDE}`),
      at(60, 686, 'ring parents from the office.'),
      at(60, 665, '2. Visitors leave theirs at the desk.'),
      at(60, 644, `3. ${WIDE} under clause`),
      at(60, 630, '1. they ring parents from the office.'),
    ].join('');
    expect(await clauses(draw)).toEqual([
      ['1', `${WIDE} ring parents from the office.`],
      ['2', 'Visitors leave theirs at the desk.'],
      ['3', `${WIDE} under clause 1. they ring parents from the office.`],
    ]);
  });

  it('has table rows, even where a cell has two lines', async () => {
    const draw = [
      at(60, 740, 'The tasks are shared as the table says, so that everyone knows who does what and when.'),
      at(60, 720, 'Who'),
      at(200, 720, 'Task'),
      at(400, 720, 'When'),
      at(60, 700, 'Headteacher'),
      at(200, 700, 'approves each new account'),
      at(200, 687, 'in writing'),
      at(400, 700, 'each term'),
      at(60, 670, 'Staff'),
      at(200, 670, 'read this policy'),
      at(400, 670, 'each year'),
    ].join('');
    expect((await clauses(draw)).slice(1)).toEqual([
      [null, 'Headteacher approves each new account in writing each term'],
      [null, 'Staff read this policy each year'],
    ]);
  });

  it('reads one column of a page after the other', async () => {
    const column = (x: number, who: string) =>
      Array.from({ length: 15 }, (_, rule) =>
        [
          at(x, 780 - rule * 40, `${who} must keep rule ${rule} at all times in`),
          at(x, 766 - rule * 40, 'School.'),
        ].join(''),
      ).join('');
    const texts = (await clauses(column(60, 'Staff') + column(320, 'Pupils'))).map(([, text]) => text);
    expect(texts).toHaveLength(30);
    expect(texts[14]).toBe('Staff must keep rule 14 at all times in School.');
    expect(texts[15]).toBe('Pupils must keep rule 0 at all times in School.');
  });

  it('has headings by size of type', async () => {
    const { passages, title } = await read(
      [
        at(60, 780, 'Online Conduct Policy', 24),
        at(60, 740, 'Phones', 15),
        at(60, 715, 'They stay in the locker of the staff room all day.'),
        at(60, 690, 'In class', 13),
        at(60, 665, 'Nobody uses one, except where a child needs it for their health.'),
      ].join(''),
    );
    expect(title).toBe('Online Conduct Policy');
    expect(
      passages.flatMap((one) => (one.kind === 'heading' ? [`${one.heading.level} ${one.heading.text}`] : [])),
    ).toEqual(['0 Online Conduct Policy', '1 Phones', '2 In class']);
  });

  it('leaves out what is printed across the page, and lists it', async () => {
    const { clauses: found, dropped } = await read(
      `${at(60, 700, 'Staff must ask first.')}BT /F1 60 Tf 0.7 0.7 -0.7 0.7 100 200 Tm (DRAFT) Tj ET\n`,
    );
    expect(found.map(({ text }) => text)).toEqual(['Staff must ask first.']);
    expect(dropped.map(({ text }) => text)).toEqual(['DRAFT']);
  });

  it('is read upright when its pages lie on their side', async () => {
    const sideways = (text: string, x: number) => `BT /F1 11 Tf 0 1 -1 0 ${x} 60 Tm (${text}) Tj ET\n`;
    expect(await clauses(sideways('Staff must ask first.', 100) + sideways('Visitors must sign in.', 140))).toEqual([
      [null, 'Staff must ask first.'],
      [null, 'Visitors must sign in.'],
    ]);
  });

  it('drops running lines of several pages only at their edges', async () => {
    const pages = [1, 2, 3].map((number) =>
      stream(
        at(60, 810, 'Oak School') +
          at(60, 600, 'Ask the Headteacher') +
          at(60, 570, `Rule number ${number} of this school stands here.`) +
          at(300, 30, String(number)),
      ),
    );
    const { dropped, clauses: found } = await readPolicy(
      'policy.pdf',
      pdf(
        '<< /Type /Catalog /Pages 2 0 R >>',
        '<< /Type /Pages /Kids [3 0 R 4 0 R 5 0 R] /Count 3 >>',
        ...[7, 8, 9].map(
          (content) =>
            `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${content} 0 R /Resources << /Font << /F1 6 0 R >> >> >>`,
        ),
        '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
        ...pages,
      ),
    );
    expect(dropped.map(({ text, reason, page }) => [text, reason, page])).toEqual(
      [1, 2, 3].flatMap((page) => [
        ['Oak School', 'header or footer', page],
        [String(page), 'page number', page],
      ]),
    );
    expect(found.map(({ page }) => page)).toEqual([1, 2, 3]);
  });
});
