import { describe, expect, it } from 'vitest';
import { acknowledgeBy, isOverdue } from '../../src/reports/due.js';
import { did, profile, ROUTES } from './cases.js';
import { aProfile } from './examples.js';

describe('a report sent on a Friday', () => {
  const { case: current } = ROUTES.channel();

  it('is to be acknowledged within two school days, and is overdue when they are over', () => {
    expect(acknowledgeBy(current.report, profile)).toBe('2026-11-24');
    expect(isOverdue(current, profile, new Date('2026-11-24T23:59:59Z'))).toBe(false);
    expect(isOverdue(current, profile, new Date('2026-11-25T00:00:00Z'))).toBe(true);
  });

  it('waits out a holiday', () => {
    const holidays = [{ name: 'Half term', from: '2026-11-23', to: '2026-11-27' }];
    const school = aProfile(undefined, { holidays });
    expect(acknowledgeBy(current.report, school)).toBe('2026-12-01');
    expect(isOverdue(current, school, new Date('2026-12-01T12:00:00Z'))).toBe(false);
  });

  it('is not overdue once somebody has acknowledged it', () => {
    const { case: open } = did(ROUTES.channel(), 'head', { do: 'acknowledge' });
    expect(isOverdue(open, profile, new Date('2027-01-11T12:00:00Z'))).toBe(false);
  });
});
