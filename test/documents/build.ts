import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Makes the test documents from the sample policy, as word processors print it:
 *
 *     apt-get install --no-install-recommends libreoffice-writer-nogui hyphen-en-gb fonts-liberation
 *     npx tsx test/documents/build.ts
 *
 * - `auto-numbered.docx` and `.pdf`: styles, numbers that the program counts, running header and footer, hyphenation;
 * - `typed-numbers.docx` and `.pdf`: no styles; numbers typed, headings in bold;
 * - `wrapped.txt`: lines broken at 78 characters, a running footer on each page;
 * - `locked.pdf`: protected with a password.
 */
const here = dirname(fileURLToPath(import.meta.url));
const POLICY = join(here, '../../schools/example-primary/policies/social-media-policy.md');
const HEADER = 'Example Primary School';
const FOOTER = 'Version 3.1 · approved 21 September 2026 · review 20 September 2027';

type Line =
  | { readonly kind: 'title' | 'appendix' | 'paragraph'; readonly text: string }
  | { readonly kind: 'section' | 'clause' | 'item'; readonly number: string; readonly text: string }
  | { readonly kind: 'row'; readonly cells: readonly string[]; readonly header: boolean };

const KINDS: readonly (readonly ['title' | 'section' | 'appendix' | 'clause' | 'item', RegExp])[] = [
  ['title', /^# (?<text>.*)$/u],
  ['section', /^## (?<number>\d+\.) (?<text>.*)$/u],
  ['appendix', /^## (?<text>.*)$/u],
  ['clause', /^(?<number>\d+\.\d+) (?<text>.*)$/u],
  ['item', /^- (?<number>\(\w\)) (?<text>.*)$/u],
];

function readSample(): Line[] {
  const body = readFileSync(POLICY, 'utf8').replace(/^---\n[\s\S]*?\n---\n/u, '');
  const lines = body.split('\n').filter((line) => line.trim() !== '' && !/^\|[-| :]+\|$/u.test(line));
  return lines.map((line, index): Line => {
    if (line.startsWith('|')) {
      const cells = line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      return { kind: 'row', cells, header: !lines[index - 1]?.startsWith('|') };
    }
    for (const [kind, pattern] of KINDS) {
      const { text = '', number = '' } = pattern.exec(line)?.groups ?? {};
      if (text !== '') return kind === 'title' || kind === 'appendix' ? { kind, text } : { kind, number, text };
    }
    return { kind: 'paragraph', text: line };
  });
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const LEVELS = { section: 1, clause: 2, item: 3 } as const;

/** The policy with numbers that the word processor counts. */
function autoNumbered(line: Exclude<Line, { kind: 'row' }>): string {
  const text = escaped(line.text);
  if (line.kind === 'title') return `<text:p text:style-name="Title">${text}</text:p>`;
  if (line.kind === 'appendix') return `<text:h text:style-name="Heading_20_1" text:outline-level="1">${text}</text:h>`;
  if (line.kind === 'paragraph') return `<text:p text:style-name="Standard">${text}</text:p>`;
  const wording =
    line.kind === 'section'
      ? `<text:h text:style-name="Heading_20_1" text:outline-level="1">${text}</text:h>`
      : `<text:p text:style-name="Standard">${text}</text:p>`;
  const depth = LEVELS[line.kind];
  const open = '<text:list text:style-name="Numbers" text:continue-numbering="true"><text:list-item>'.repeat(depth);
  return `${open}${wording}${'</text:list-item></text:list>'.repeat(depth)}`;
}

/** The policy as typed by someone who knows no styles. */
function typedNumbers(line: Exclude<Line, { kind: 'row' }>): string {
  const number = 'number' in line ? `${line.number}<text:tab/>` : '';
  const style = {
    title: 'Bold',
    section: 'Bold',
    appendix: 'Bold',
    clause: 'Typed',
    item: 'TypedItem',
    paragraph: 'Typed',
  };
  return `<text:p text:style-name="${style[line.kind]}">${number}${escaped(line.text)}</text:p>`;
}

function tableOf(rows: readonly Extract<Line, { kind: 'row' }>[]): string {
  const columns = rows[0]?.cells.length ?? 1;
  const printed = rows.map(({ cells, header }) => {
    const row = cells
      .map((cell) => `<table:table-cell><text:p text:style-name="Cell">${escaped(cell)}</text:p></table:table-cell>`)
      .join('');
    const whole = `<table:table-row>${row}</table:table-row>`;
    return header ? `<table:table-header-rows>${whole}</table:table-header-rows>` : whole;
  });
  return `<table:table><table:table-column table:number-columns-repeated="${columns}"/>${printed.join('')}</table:table>`;
}

function bodyOf(lines: readonly Line[], print: (line: Exclude<Line, { kind: 'row' }>) => string): string {
  let body = '';
  let rows: Extract<Line, { kind: 'row' }>[] = [];
  for (const line of [...lines, undefined]) {
    if (line?.kind === 'row') {
      rows.push(line);
      continue;
    }
    if (rows.length > 0) body += tableOf(rows);
    rows = [];
    if (line) body += print(line);
  }
  return body;
}

const level = (depth: number, format: string, around: string): string =>
  `<text:list-level-style-number text:level="${depth}" style:num-format="${format}" ${around}><style:list-level-properties ` +
  'text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment text:label-followed-by="listtab" ' +
  `fo:text-indent="-1cm" fo:margin-left="${depth === 3 ? 2 : 1}cm"/></style:list-level-properties></text:list-level-style-number>`;

const paragraphStyle = (name: string, parent: string, paragraph: string, text = ''): string =>
  `<style:style style:name="${name}" style:display-name="${name.replaceAll('_20_', ' ')}" style:family="paragraph"${
    parent === '' ? '' : ` style:parent-style-name="${parent}"`
  }><style:paragraph-properties ${paragraph}/><style:text-properties ${text}/></style:style>`;

const NAMESPACES = ['office', 'text', 'table', 'style', 'fo:xsl-fo-compatible']
  .map((name) => {
    const [prefix = '', path = prefix] = name.split(':');
    return `xmlns:${prefix}="urn:oasis:names:tc:opendocument:xmlns:${path}:1.0"`;
  })
  .join(' ');

/** A flat OpenDocument text, which LibreOffice turns into anything. */
const flatDocument = (body: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<office:document ${NAMESPACES} office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text"><office:styles>
${paragraphStyle('Standard', '', 'fo:margin-bottom="0.2cm" fo:hyphenation-ladder-count="no-limit"', 'style:font-name="Liberation Sans" fo:font-family="Liberation Sans" fo:font-size="11pt" fo:language="en" fo:country="GB" fo:hyphenate="true" fo:hyphenation-remain-char-count="2" fo:hyphenation-push-char-count="2"')}
${paragraphStyle('Title', 'Standard', 'fo:margin-bottom="0.5cm"', 'fo:font-size="20pt" fo:font-weight="bold"')}
${paragraphStyle('Heading_20_1', 'Standard', 'fo:margin-top="0.4cm" fo:keep-with-next="always"', 'fo:font-size="14pt" fo:font-weight="bold"').replace('style:family', 'style:default-outline-level="1" style:family')}
${paragraphStyle('Bold', 'Standard', 'fo:margin-top="0.3cm" fo:keep-with-next="always"', 'fo:font-weight="bold"')}
${paragraphStyle('Typed', 'Standard', 'fo:margin-left="0cm"')}
${paragraphStyle('TypedItem', 'Standard', 'fo:margin-left="2cm" fo:text-indent="-1cm"')}
${paragraphStyle('Cell', 'Standard', 'fo:margin-bottom="0cm"', 'fo:font-size="10pt"')}
<text:list-style style:name="Numbers">${level(1, '1', 'style:num-suffix="."')}${level(2, '1', 'text:display-levels="2"')}${level(3, 'a', 'style:num-prefix="(" style:num-suffix=")"')}</text:list-style>
</office:styles><office:automatic-styles><style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2cm"/>
<style:header-style><style:header-footer-properties fo:min-height="1cm" fo:margin-bottom="0.5cm"/></style:header-style><style:footer-style><style:header-footer-properties fo:min-height="1cm" fo:margin-top="0.5cm"/></style:footer-style></style:page-layout></office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4"><style:header><text:p text:style-name="Cell">${HEADER}</text:p></style:header>
<style:footer><text:p text:style-name="Cell">${FOOTER}</text:p><text:p text:style-name="Cell">Page <text:page-number/> of <text:page-count/></text:p></style:footer></style:master-page></office:master-styles>
<office:body><office:text>${body}</office:text></office:body></office:document>`;

/** A text as an old program leaves it: broken at a width, at hyphens too, with a footer wherever the page is full. */
function wrappedText(lines: readonly Line[]): string {
  const printed: string[] = [];
  for (const line of lines) {
    const number = 'number' in line ? `${line.number} ` : '';
    const text = line.kind === 'row' ? line.cells.join('\t').trimEnd() : `${number}${line.text}`;
    printed.push(...(line.kind === 'row' ? [text] : wrap(text, 78)), '');
  }
  return printed
    .map((line, at) => (at % 56 === 55 ? `${line}\n\n${HEADER}, page ${(at + 1) / 56}\n\f` : line))
    .join('\n');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const [piece] of text.matchAll(/[^\s-]*(?:-(?=\p{L})|[^\s]*\s*)/gu)) {
    const last = lines.length - 1;
    if (last >= 0 && `${lines[last]}${piece}`.trimEnd().length <= width) lines[last] += piece;
    else if (piece !== '') lines.push(piece);
  }
  return lines.map((line) => line.trimEnd());
}

function convert(folder: string, name: string, filter: string): void {
  const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`;
  const made = spawnSync('soffice', [
    profile,
    '--headless',
    '--convert-to',
    filter,
    '--outdir',
    here,
    join(folder, name),
  ]);
  if (made.status !== 0) throw new Error(`soffice failed: ${made.stderr?.toString() ?? made.error?.message}`);
}

const folder = mkdtempSync(join(tmpdir(), 'policy-desk-documents-'));
try {
  const lines = readSample();
  writeFileSync(join(here, 'wrapped.txt'), wrappedText(lines));
  writeFileSync(join(folder, 'auto-numbered.fodt'), flatDocument(bodyOf(lines, autoNumbered)));
  writeFileSync(join(folder, 'typed-numbers.fodt'), flatDocument(bodyOf(lines, typedNumbers)));
  writeFileSync(join(folder, 'locked.fodt'), flatDocument(bodyOf(lines.slice(0, 3), typedNumbers)));
  for (const name of ['auto-numbered.fodt', 'typed-numbers.fodt'])
    for (const filter of ['docx', 'pdf']) convert(folder, name, filter);
  const lock = {
    EncryptFile: { type: 'boolean', value: 'true' },
    DocumentOpenPassword: { type: 'string', value: 'secret' },
  };
  convert(folder, 'locked.fodt', `pdf:writer_pdf_Export:${JSON.stringify(lock)}`);
} finally {
  rmSync(folder, { recursive: true });
}
