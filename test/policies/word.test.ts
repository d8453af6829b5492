import { describe, expect, it } from 'vitest';
import { readPolicy } from '../../src/policies/read-policy.js';
import { docx } from '../support/zip.js';

const p = (text: string, list?: readonly [id: number, level: number], more = '') =>
  `<w:p><w:pPr>${more}${list ? `<w:numPr><w:ilvl w:val="${list[1]}"/><w:numId w:val="${list[0]}"/></w:numPr>` : ''}</w:pPr>` +
  `<w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
const level = (at: number, format: string, text: string, more = '') =>
  `<w:lvl w:ilvl="${at}"><w:start w:val="1"/><w:numFmt w:val="${format}"/><w:lvlText w:val="${text}"/>${more}` +
  `<w:pPr><w:ind w:left="${720 * (at + 1)}"/></w:pPr></w:lvl>`;
const definition = (id: number, ...levels: readonly string[]) =>
  `<w:abstractNum w:abstractNumId="${id}">${levels.join('')}</w:abstractNum>`;
const list = (id: number, of: number, more = '') =>
  `<w:num w:numId="${id}"><w:abstractNumId w:val="${of}"/>${more}</w:num>`;

const read = (body: string, parts: Record<string, string> = {}) => readPolicy('policy.docx', docx(body, parts));
const labels = async (body: string, numbering: string, styles = '') =>
  (await read(body, { numbering, styles })).clauses.map(({ label }) => label);

const OUTLINE = definition(
  0,
  level(0, 'decimal', '%1.'),
  level(1, 'decimal', '%1.%2'),
  level(2, 'lowerLetter', '(%3)'),
  level(3, 'lowerRoman', '(%4)'),
);

describe('numbers that Word prints', () => {
  it('are counted level by level, and start again below each', async () => {
    const body = [
      p('Staff must ask first.', [1, 0]),
      p('Staff must wait.', [1, 1]),
      p('Staff must never:', [1, 1]),
      p('mock anyone;', [1, 2]),
      p('name a pupil:', [1, 2]),
      p('by word;', [1, 3]),
      p('by picture.', [1, 3]),
      p('Visitors must sign in.', [1, 0]),
      p('They must wear a badge.', [1, 1]),
    ].join('');
    expect(await labels(body, OUTLINE + list(1, 0))).toEqual([
      '1',
      '1.1',
      '1.2',
      '1.2(a)',
      '1.2(b)',
      '1.2(b)(i)',
      '1.2(b)(ii)',
      '2',
      '2.1',
    ]);
  });

  it('go on over text between them, and start again where a list says so', async () => {
    const body = [
      p('Staff must ask.', [1, 0]),
      p('This is not numbered at all.'),
      p('Staff must wait.', [1, 0]),
      p('Parents must ask.', [2, 0]),
      p('Parents must wait.', [2, 0]),
    ].join('');
    const restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>';
    expect(await labels(body, OUTLINE + list(1, 0) + list(2, 0, restart))).toEqual(['1', null, '2', '1', '2']);
    expect(await labels(body, OUTLINE + list(1, 0) + list(2, 0))).toEqual(['1', null, '2', '3', '4']);
  });

  it.each([
    ['upperLetter', '%1.', 28, '(BB)'],
    ['lowerRoman', '%1)', 14, '(xiv)'],
    ['decimalZero', '%1', 3, '03'],
    ['decimal', 'Section %1:', 2, '2'],
  ])('are written as %s "%s"', async (format, text, count, expected) => {
    const body = Array.from({ length: count }, (_, at) => p(`Rule ${at} stands here.`, [1, 0])).join('');
    expect((await labels(body, definition(0, level(0, format, text)) + list(1, 0))).at(-1)).toBe(expected);
  });

  it('come from the paragraph’s style as well, and can be taken off', async () => {
    const styles =
      '<w:style w:type="paragraph" w:styleId="Base"><w:name w:val="Base"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>' +
      '<w:style w:type="paragraph" w:styleId="Rule"><w:name w:val="Rule"/><w:basedOn w:val="Base"/></w:style>';
    const rule = '<w:pStyle w:val="Rule"/>';
    const body =
      p('Staff must ask.', undefined, rule) +
      p('Not numbered this time.', [0, 0], rule) +
      p('Staff must wait.', undefined, rule);
    expect(await labels(body, OUTLINE + list(1, 0), styles)).toEqual(['1', null, '2']);
  });

  it('leave bullets without a label, as items of what announces them', async () => {
    const numbering = definition(0, level(0, 'bullet', '\uF0B7')) + list(1, 0);
    const { clauses } = await read(p('Staff must never:') + p('mock anyone;', [1, 0]) + p('shout.', [1, 0]), {
      numbering,
    });
    expect(clauses.map(({ label, leadIn, text }) => [label, leadIn, text])).toEqual([
      [null, null, 'Staff must never:'],
      [null, 'Staff must never:', 'mock anyone;'],
      [null, 'Staff must never:', 'shout.'],
    ]);
  });
});

describe('the text of a Word document', () => {
  const run = (inside: string) => `<w:p>${inside}</w:p>`;
  const t = (text: string) => `<w:r><w:t xml:space="preserve">${text}</w:t></w:r>`;
  const texts = async (body: string, parts: Record<string, string> = {}) =>
    (await read(body, parts)).clauses.map(({ text }) => text);

  it('is what a person sees: insertions and links, but nothing deleted, hidden or calculated', async () => {
    const body = run(
      `${t('Staff must ')}<w:del><w:r><w:delText>not </w:delText></w:r></w:del><w:ins>${t('always ')}</w:ins>` +
        `<w:r><w:rPr><w:vanish/></w:rPr><w:t>secretly </w:t></w:r><w:hyperlink>${t('ask')}</w:hyperlink>` +
        `<w:r><w:instrText>HYPERLINK "x"</w:instrText></w:r>${t(' &amp; wait &#x2013; or self')}<w:r><w:noBreakHyphen/></w:r>${t('report.')}`,
    );
    expect(await texts(body)).toEqual(['Staff must always ask & wait – or self-report.']);
  });

  it('has hard line breaks mended, except before a number', async () => {
    const br = '<w:r><w:br/></w:r>';
    expect(await texts(run(`${t('Staff must ask the')}${br}${t('Headteacher first.')}`))).toEqual([
      'Staff must ask the Headteacher first.',
    ]);
    expect(await texts(run(`${t('1. Staff must ask.')}${br}${t('2. Staff must wait.')}`))).toEqual([
      'Staff must ask.',
      'Staff must wait.',
    ]);
  });

  it('includes endnotes, and formulas where they stand in a sentence', async () => {
    const formula = '<m:oMath><m:r><m:t>24</m:t></m:r></m:oMath>';
    const body = `<w:p>${t('Staff must reply within ')}${formula}${t(' hours.')}<w:r><w:endnoteReference w:id="2"/></w:r></w:p>`;
    const endnotes = `<w:endnote w:id="2">${p('At weekends on the next working day.')}</w:endnote>`;
    expect(await texts(body, { endnotes })).toEqual([
      'Staff must reply within 24 hours.',
      'At weekends on the next working day.',
    ]);
  });

  it('includes text boxes, footnotes and framed text, each in its place', async () => {
    const box = `<w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent>${p('Call the office in an emergency.')}</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>${p('Call the office in an emergency.')}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>`;
    const body =
      run(`${t('Staff must ask first.')}${box}<w:r><w:footnoteReference w:id="2"/></w:r>`) +
      `<w:tbl><w:tr><w:tc>${p('Remember to be kind online.')}</w:tc></w:tr></w:tbl>` +
      p('Visitors must sign in.');
    const footnotes = `<w:footnote w:id="2">${p('This means the head or deputy.')}</w:footnote>`;
    expect(await texts(body, { footnotes })).toEqual([
      'Staff must ask first.',
      'Call the office in an emergency.',
      'This means the head or deputy.',
      'Remember to be kind online.',
      'Visitors must sign in.',
    ]);
  });

  it('has a table row as one passage, its header not to be quoted', async () => {
    const row = (cells: readonly string[], properties = '') =>
      `<w:tr>${properties}${cells.map((cell) => `<w:tc>${p(cell)}</w:tc>`).join('')}</w:tr>`;
    const { passages, clauses } = await read(
      `<w:tbl>${row(['Who', 'Year 7 task'], '<w:trPr><w:tblHeader/></w:trPr>')}${row(['Headteacher', 'approves each account'])}</w:tbl>${p('Staff must ask.')}`,
    );
    expect(clauses.map(({ text }) => text)).toEqual(['Headteacher approves each account', 'Staff must ask.']);
    expect(passages).toHaveLength(3);
  });

  it('tells pages where Word noted them, and leaves out contents, headers and footers', async () => {
    const styles = '<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>';
    const body =
      p('1. Purpose 2', undefined, '<w:pStyle w:val="TOC1"/>') +
      p('Staff must ask first.') +
      run(`<w:r><w:lastRenderedPageBreak/><w:t>Staff must wait.</w:t></w:r>`);
    const { clauses, dropped, version } = await read(body, {
      styles,
      footer1: p('Oak School | Version 2.1'),
      header2: p('Oak School | Version 2.1'),
    });
    expect(clauses.map(({ page }) => page)).toEqual([1, 2]);
    expect(dropped).toEqual([
      { text: 'Oak School | Version 2.1', reason: 'header or footer', line: null, page: null },
      { text: '1. Purpose 2', reason: 'table of contents', line: 1, page: 1 },
    ]);
    expect(version).toBe('2.1');
  });
});

describe('headings of a Word document', () => {
  const style = (id: string, name: string, inside = '') =>
    `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/>${inside}</w:style>`;
  const styled = (id: string, text: string) => p(text, undefined, `<w:pStyle w:val="${id}"/>`);
  const outline = async (body: string, styles: string) =>
    (await read(body, { styles })).passages.flatMap((one) =>
      one.kind === 'heading' ? [`${one.heading.level} ${one.heading.text}`] : [],
    );

  it('are those that have a heading’s style, by its name or its outline level', async () => {
    const styles =
      style('T', 'Title') +
      style('H1', 'heading 1') +
      style('Own', 'School heading', '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>');
    const body = [
      styled('T', 'Online Policy'),
      styled('H1', 'Phones'),
      p('They stay off.'),
      styled('Own', 'Cameras'),
      p('Ask first.'),
    ];
    expect(await outline(body.join(''), styles)).toEqual(['0 Online Policy', '1 Phones', '2 Cameras']);
  });

  it('are known by their look where no styles are used', async () => {
    const bold = (text: string) => `<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>${text}</w:t></w:r></w:p>`;
    expect(
      await outline(
        [bold('About phones in class'), p('They stay off.'), bold('About cameras'), p('Ask first.')].join(''),
        '',
      ),
    ).toEqual(['1 About phones in class', '1 About cameras']);
  });
});
