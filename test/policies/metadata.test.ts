import { describe, expect, it } from 'vitest';
import { toDate } from '../../src/policies/read/metadata.js';
import { readTextPolicy } from '../../src/policies/read-policy.js';

describe('toDate', () => {
  it.each([
    ['26 September 2019', '2019-09-26'],
    ['1st May 2024', '2024-05-01'],
    ['Monday 21 Sept 2026', '2026-09-21'],
    ['06.05.18', '2018-05-06'],
    ['6/5/2018', '2018-05-06'],
    ['2026-09-21', '2026-09-21'],
    ['September 2021', '2021-09'],
    ['2021-09', '2021-09'],
    ['31 February 2024', null],
    ['13.13.2024', null],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('%s is %s', (text, date) => {
    expect(toDate(text)).toBe(date);
  });
});

describe('a text that states its dates', () => {
  it('gives them, and its title', () => {
    const text =
      'Conduct Online Policy\n\nVersion:\t3\nApproval Date:\t26 September 2025\nReview Date\tSeptember 2026\n\nStaff ask before they post.\n';
    expect(readTextPolicy('conduct.txt', new TextEncoder().encode(text))).toMatchObject({
      title: 'Conduct Online Policy',
      version: '3',
      approved: '2025-09-26',
      review: '2026-09',
    });
  });

  it('is named after its file where it has no title, and states no more than it says', () => {
    const text = 'Staff ask before they post.\n\nPupils do not post at all.\n';
    expect(readTextPolicy('online-conduct.txt', new TextEncoder().encode(text))).toMatchObject({
      title: 'Online conduct',
      version: null,
      approved: null,
      review: null,
    });
  });

  it('takes the first line that is a date, and the highest version of a table in any order', () => {
    const text =
      'Approved by: Full Governing Body\nDate approved: 12th March 2024\nReview cycle: Annual\nReview date: May 2026\n\n2 teachers were trained on 01.02.2020.\n\nStaff ask before they post.\n';
    expect(readTextPolicy('conduct.txt', new TextEncoder().encode(text))).toMatchObject({
      version: null,
      approved: '2024-03-12',
      review: '2026-05',
    });
    const table =
      'Version\tChange\tDate\n3.0\tNew platforms\t12/09/2024\n1.0\tFirst issue\t05/09/2020\n\nStaff ask before they post.\n';
    expect(readTextPolicy('conduct.txt', new TextEncoder().encode(table))).toMatchObject({
      version: '3.0',
      approved: '2024-09-12',
    });
  });
});
