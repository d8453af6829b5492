import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SWEEP_TOO_OLD_S } from '../../src/condition.js';
import { at, changed, deployed, ofType, ROOT, TRUST } from './templates.js';

/** As src/telemetry names what it measures. */
const METRICS = [
  'policydesk.delivery.oldest_owed',
  'policydesk.delivery.poison',
  'policydesk.delivery.given_up',
  'policydesk.sweep.last_run_age',
  'policydesk.ready',
  'policydesk.turn.duration',
];

type Files = Map<string, string>;

describe('alerts', () => {
  const queries = (files?: Files) =>
    ofType(deployed({}, files).resources, 'Microsoft.Insights/scheduledQueryRules').map(({ body }) =>
      String(at(body, 'properties.criteria.allOf.0.query')),
    );
  /** What a query names that nobody tells. */
  const unheard = (files?: Files) => {
    const source = readFileSync(`${ROOT}src/log.ts`, 'utf8');
    const heard = new Set([...METRICS, ...[...source.matchAll(/\| '([a-z_]+\.[a-z_]+)'/gu)].map(([, name]) => name)]);
    return queries(files).flatMap((query) =>
      [...query.matchAll(/"([a-z_]+(?:\.[a-z_]+)+)"/gu)].flatMap(([, name]) => (heard.has(name) ? [] : [name])),
    );
  };

  it('look for what the bot tells', () => {
    expect(unheard()).toEqual([]);
    const event = changed('modules/alerts.bicep', 'in ("delivery.poison"', 'in ("delivery.poisoned"');
    expect(unheard(event)).toEqual(['delivery.poisoned']);
    const metric = changed('modules/alerts.bicep', '"policydesk.ready"', '"policydesk.readiness"');
    expect(unheard(metric)).toEqual(['policydesk.readiness']);
  });

  it('take a sweep for late when /readyz does', () => {
    const { retention, ...others } = SWEEP_TOO_OLD_S;
    const [each] = new Set(Object.values(others));
    expect(new Set(Object.values(others)).size).toBe(1);
    expect(queries().at(-1)).toContain(`iff(Sweep == "retention", ${retention}.0, ${each}.0)`);
  });

  it.skipIf(!existsSync(`${ROOT}src/telemetry`))('name metrics as src/telemetry does', () => {
    const source = readdirSync(`${ROOT}src/telemetry`).map((file) =>
      readFileSync(`${ROOT}src/telemetry/${file}`, 'utf8'),
    );
    for (const metric of METRICS) expect(source.join('\n')).toContain(metric.replace(/^policydesk/u, ''));
  });

  it('are told to people, each asks for one figure, and there is a budget', () => {
    const { resources } = deployed();
    const rules = ofType(resources, 'Microsoft.Insights/scheduledQueryRules');
    expect(rules.map(({ name }) => name)).toEqual(
      ['delivery-late', 'poison', 'not-ready', 'sweeps-late'].map((name) => `${TRUST.resourceBaseName}-${name}`),
    );
    for (const { body } of rules) {
      expect(at(body, 'properties.actions.actionGroups')).toEqual([expect.stringContaining('oaktrust-people')]);
      expect(at(body, 'properties.criteria.allOf.0')).toMatchObject({
        metricMeasureColumn: 'Value',
        query: expect.stringMatching(/\| summarize Value = [^\n]+\n$/u),
      });
    }
    expect(ofType(resources, 'Microsoft.Consumption/budgets')[0]?.body.properties).toMatchObject({
      amount: 100,
      timePeriod: { startDate: '2026-11-01T00:00:00Z' },
    });
    expect(ofType(deployed({ budgetAmount: '0' }).resources, 'Microsoft.Consumption/budgets')).toEqual([]);
  });
});
