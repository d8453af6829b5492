import { describe, expect, it } from 'vitest';
import type { Case } from '../../src/reports/case.js';
import { samePost } from '../../src/reports/same-post.js';
import { anAnswers, aReport, someEvidence, submitted } from '../support/reports.js';
import { did, ROUTES } from './cases.js';

const picture = someEvidence(new TextEncoder().encode('a picture'));
const aCase = (place: string, { evidence = [picture].slice(1), schoolId = 'oak', day = 20 } = {}): Case =>
  submitted(
    aReport(schoolId, { answers: anAnswers({ place }), submittedAt: new Date(Date.UTC(2026, 10, day)) }),
    evidence,
  ).case;
const found = (one: string, other: string) => samePost(aCase(one), [aCase(other)]).map(({ because }) => because);
const POST = 'https://www.facebook.com/groups/oak/posts/1?comment_id=7';

describe('another case about the same post', () => {
  it.each([
    POST,
    'http://facebook.com/groups/oak/posts/1?comment_id=7',
    'https://m.facebook.com/groups/oak/posts/1/?comment_id=7',
    'https://FACEBOOK.com/groups/oak/posts/1?utm_source=share&comment_id=7&fbclid=IwAR0',
    'www.facebook.com/groups/oak/posts/1?igsh=abc&comment_id=7#there',
    'https://facebook.com/groups/oak/posts/1?comment_id=7 in the comments',
  ])('has the same link: %s', (place) => {
    expect(found(POST, place)).toEqual(['link']);
    expect(found(place, POST)).toEqual(['link']);
  });

  it.each([
    'https://www.facebook.com/groups/oak/posts/2?comment_id=7',
    'https://www.facebook.com/groups/oak/posts/1?comment_id=8',
    'https://www.facebook.com/groups/Oak/posts/1?comment_id=7',
    'https://facebook.com.example.org/groups/oak/posts/1?comment_id=7',
    'the Oak group on Facebook',
    '',
  ])('has not: %s', (place) => {
    expect(found(POST, place)).toEqual([]);
  });

  it('is not any two on the same network, or at the same place in words', () => {
    expect(found('https://www.facebook.com/', 'https://facebook.com')).toEqual([]);
    expect(found('in the playground', 'in the playground')).toEqual([]);
    expect(found('', '')).toEqual([]);
    expect(found('https://oak-gossip.example.com', 'http://oak-gossip.example.com/')).toEqual(['link']);
  });

  it('has the same picture, byte for byte', () => {
    const one = aCase('', { evidence: [picture] });
    const other = aCase('', { evidence: [{ ...picture, id: 'f'.repeat(16) }] });
    expect(samePost(one, [other, aCase('')])).toEqual([{ reference: other.report.reference, because: 'picture' }]);
    const another = { ...picture, sha256: '0'.repeat(64) };
    expect(samePost(one, [aCase('', { evidence: [another] })])).toEqual([]);
  });

  it('is not itself, of another school, or linked already from either side', () => {
    const start = ROUTES.channel().case;
    const place = start.report.answers.place;
    const other = aCase(place);
    expect(samePost(start, [start, other, aCase(place, { schoolId: 'elm' })])).toEqual([
      { reference: other.report.reference, because: 'link' },
    ]);
    const linked = did(ROUTES.channel(), 'head', { do: 'link', to: other.report.reference }).case;
    expect(samePost(linked, [other])).toEqual([]);
    expect(samePost(other, [linked])).toEqual([]);
    expect(samePost(other, [start])).toHaveLength(1);
  });

  it('is one of the latest five', () => {
    const others = [3, 9, 1, 7, 5, 8, 2].map((day) => aCase(POST, { day }));
    const references = new Map(others.map(({ report }) => [report.reference, report.submittedAt.getUTCDate()]));
    expect(samePost(aCase(POST), others).map(({ reference }) => references.get(reference))).toEqual([9, 8, 7, 5, 3]);
  });
});
