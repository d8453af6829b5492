import { describe, expect, it } from 'vitest';
import { readTextPolicy } from '../../src/policies/read-policy.js';

const read = (source: string) => readTextPolicy('policy.md', new TextEncoder().encode(source));
const clauses = (source: string) => read(source).clauses.map(({ label, leadIn, text }) => ({ label, leadIn, text }));

describe('Markdown', () => {
  it('has numbered clauses, list items under their clause, and headings above', () => {
    const { clauses, title } = read(
      '# Conduct Online Policy\n\n## 4. Posts\n\n4.1 Ask first.\n\n4.2 Staff must:\n\n- (a) check names;\n- (b) wait.\n\n### Comments\n\n4.3 Reply soon.\n',
    );
    expect(title).toBe('Conduct Online Policy');
    expect(clauses.map(({ label, heading }) => [label, heading.join(' / ')])).toEqual([
      ['4.1', '4. Posts'],
      ['4.2', '4. Posts'],
      ['4.2(a)', '4. Posts'],
      ['4.2(b)', '4. Posts'],
      ['4.3', '4. Posts / Comments'],
    ]);
    expect(clauses[2]).toMatchObject({ leadIn: 'Staff must:', text: 'check names;' });
  });

  it('counts ordered lists as the author wrote them', () => {
    expect(clauses('Do this:\n\n3. ask\n4. wait\n').map(({ label }) => label)).toEqual([null, '3', '4']);
  });

  it('nests lists as the author did', () => {
    expect(
      clauses('Staff must:\n\n- check, before they post:\n  - the names\n- wait\n').map(({ leadIn }) => leadIn),
    ).toEqual([null, 'Staff must:', 'Staff must: check, before they post:', 'Staff must:']);
  });

  it('joins wrapped lines, but not lines with numbers of their own', () => {
    expect(clauses('1.1 Staff ask\nbefore they post.\n1.2 Then they wait.\n')).toEqual([
      { label: '1.1', leadIn: null, text: 'Staff ask before they post.' },
      { label: '1.2', leadIn: null, text: 'Then they wait.' },
    ]);
  });

  it('leaves out marks and tags, not words', () => {
    const [clause] = clauses('Staff **must** read [the _code_](https://example.org) <u>today</u> & reply "soon".\n');
    expect(clause?.text).toBe('Staff must read the code today & reply "soon".');
  });

  it('takes a paragraph in bold for a heading, and table rows for clauses', () => {
    const { passages, clauses } = read(
      '**Phones**\n\nThey stay off.\n\n| Version | Date |\n| --- | --- |\n| 2 | 1 May 2026 |\n',
    );
    expect(passages[0]).toMatchObject({ kind: 'heading', heading: { text: 'Phones' } });
    expect(clauses.map(({ text }) => text)).toEqual(['They stay off.', '2 1 May 2026']);
  });

  it('keeps a rule that is partly or wholly bold a rule', () => {
    expect(
      clauses('**Staff** must never accept **requests from pupils**\n\n**Staff must never shout at anyone**\n'),
    ).toHaveLength(2);
  });

  it('reads what converters leave: HTML tables, entities, attributes of headings', () => {
    const { passages, clauses } = read(
      '# Conduct {#conduct .unnumbered}\n\n<table><tr><td>Staff</td><td>must not post &amp; run.</td></tr></table>\n',
    );
    expect(passages[0]).toMatchObject({ heading: { text: 'Conduct' } });
    expect(clauses[0]?.text).toBe('Staff must not post & run.');
  });

  it('takes title, version and dates from the front matter', () => {
    const policy = read(
      '---\ntitle: Online Conduct\nversion: 2\napproved: 2026-09-21\nreview: September 2027\n---\n\nStaff ask first.\n',
    );
    expect(policy).toMatchObject({ title: 'Online Conduct', version: '2', approved: '2026-09-21', review: '2027-09' });
    expect(policy.clauses[0]?.line).toBe(8);
  });
});

describe('clause ids', () => {
  const before = '# Conduct Policy\n\n## Phones\n\nStaff keep phones away.\n\nPupils hand phones in.\n';

  it('stay the same when other clauses change', () => {
    const after =
      '# Conduct Policy\n\n## Start\n\nSomething new.\n\n## Phones\n\nStaff keep phones away.\n\nPupils hand phones in at the gate.\n';
    expect(read(after).clauses[1]?.id).toBe(read(before).clauses[0]?.id);
    expect(read(after).clauses[2]?.id).not.toBe(read(before).clauses[1]?.id);
  });

  it('are unique even for the same words twice', () => {
    const { clauses } = read('Staff ask.\n\nStaff ask.\n');
    expect(new Set(clauses.map(({ id }) => id)).size).toBe(clauses.length);
  });
});
