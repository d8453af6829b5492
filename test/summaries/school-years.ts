import fc from 'fast-check';
import type { Period, Span } from '../../src/summaries/period.js';
import { BREAKDOWNS, type Population } from '../../src/summaries/population.js';
import type { Told } from '../../src/summaries/suppression.js';
import { CountingAttacker, LinearAttacker, type Publication, type Slot, type Structure, Unknowns } from './attacker.js';

const KINDS = ['privacy', 'contact', 'account', 'name_or_logo', 'conduct', 'other'];
const SEVERITIES: Readonly<Record<string, string>> = {
  child_safety: 'urgent',
  online_bullying: 'high',
  disparaging_post: 'normal',
  privacy: 'high',
  contact: 'high',
};

/** Written out here from the README's words, and not taken from the code that the rule uses. */
export const REPORTS: Structure = {
  tables: {
    category: ['online_bullying', 'disparaging_post', 'other_breach', 'child_safety'],
    kind: KINDS,
    severity: ['urgent', 'high', 'normal'],
    evidence: ['yes', 'no'],
    platform: ['facebook', 'tiktok', 'whatsapp'],
  },
  divides: { kind: ['category', 'other_breach'] },
  sums: {
    'severity.urgent': ['category.child_safety'],
    'severity.high': ['category.online_bullying', 'kind.privacy', 'kind.contact'],
    'severity.normal': ['category.disparaging_post', 'kind.account', 'kind.name_or_logo', 'kind.conduct', 'kind.other'],
  },
};

/** Those of them that have to do with each other, and one that stands by itself. */
export const BREACHES: Structure = { ...REPORTS, tables: only('category', 'kind', 'severity') };
export const PLATFORMS: Structure = { tables: only('platform', 'evidence'), divides: {}, sums: {} };

function only(...names: readonly string[]): Structure['tables'] {
  return Object.fromEntries(names.map((name) => [name, REPORTS.tables[name] ?? []]));
}

/** One report, by the cells it falls into. */
export interface Counted {
  readonly day: string;
  readonly cells: Readonly<Record<string, string>>;
}

export function populationOf(reports: readonly Counted[], { from, to }: Pick<Period, 'from' | 'to'>): Population {
  const within = reports.filter(({ day }) => from <= day && day <= to);
  const tables = Object.entries(REPORTS.tables).map(([table, cells]) => [
    table,
    Object.fromEntries(cells.map((cell) => [cell, within.filter((report) => report.cells[table] === cell).length])),
  ]);
  return { total: within.length, tables: Object.fromEntries(tables) };
}

export const period = (span: Span, from: string, to: string): Period => ({ span, from, to, name: `${span} ${from}` });

const monday = (week: number): string => dayAfter('2026-08-31', week * 7);

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

/** A year of terms of half-terms of so many weeks each. */
export function calendarOf(terms: readonly (readonly number[])[]): readonly Period[] {
  const periods: Period[] = [];
  let week = 0;
  const between = (span: Span, from: number) => period(span, monday(from), dayAfter(monday(week), -1));
  for (const halves of terms) {
    const term = week;
    for (const weeks of halves) {
      const half = week;
      for (let left = weeks; left > 0; left -= 1) {
        week += 1;
        periods.push(between('week', week - 1));
      }
      periods.push(between('half_term', half));
    }
    periods.push(between('term', term));
  }
  return [...periods, between('year', 0)];
}

/** A school's year: its calendar, its reports, and what is published in which order. */
export interface SchoolYear {
  readonly calendar: readonly Period[];
  readonly reports: readonly Counted[];
  readonly published: readonly Period[];
  readonly threshold: number;
}

const weighted = (cells: readonly string[]) =>
  fc
    .array(fc.constantFrom(1, 1, 2, 5, 20), { minLength: cells.length, maxLength: cells.length })
    .map((weights) => cells.flatMap((cell, at) => Array.from({ length: weights[at] ?? 1 }, () => cell)));

/** @param weekly whether weeks are told of as well. */
export function schoolYears(weekly: boolean, shape: { terms: number; halves: number; weeks: number; most: number }) {
  const half = weekly ? fc.integer({ min: 1, max: shape.weeks }) : fc.constant(1);
  const calendar = fc
    .array(fc.array(half, { minLength: 1, maxLength: shape.halves }), { minLength: 1, maxLength: shape.terms })
    .map(calendarOf)
    .map((periods) => (weekly ? periods : periods.filter(({ span }) => span !== 'week')));
  return fc.record({ calendar, threshold: fc.integer({ min: 3, max: 7 }) }).chain(({ calendar, threshold }) =>
    fc.record({
      calendar: fc.constant(calendar),
      threshold: fc.constant(threshold),
      published: fc.shuffledSubarray([...calendar], { minLength: Math.min(2, calendar.length) }),
      reports: reportsIn(calendar, shape.most),
    }),
  );
}

function reportsIn(calendar: readonly Period[], most: number): fc.Arbitrary<readonly Counted[]> {
  const shortest = calendar.filter(
    (one) =>
      !calendar.some((other) => other !== one && one.from <= other.from && other.to <= one.to && other.to !== one.to),
  );
  const days = [...new Set(shortest.map(({ from }) => from))];
  const { category = [], kind = [], evidence = [], platform = [] } = REPORTS.tables;
  const cells = fc.tuple(weighted(category), weighted(kind), weighted(evidence), weighted(platform));
  const busy = fc.array(fc.constantFrom(0, 1, 1, 3, 8), { minLength: days.length, maxLength: days.length });
  return fc
    .tuple(cells, busy, fc.integer({ min: Math.floor(most / 10), max: most }))
    .chain(([[categories, kinds, yesNo, places], weights, count]) => {
      const report = fc
        .record({
          day: fc.constantFrom(
            ...days.flatMap((day, at) => Array.from({ length: weights[at] ?? 1 }, () => day)),
            days[0] ?? '',
          ),
          category: fc.constantFrom(...categories),
          kind: fc.constantFrom(...kinds),
          evidence: fc.constantFrom(...yesNo),
          platform: fc.constantFrom(...places),
        })
        .map(counted);
      return fc.array(report, { minLength: count, maxLength: count });
    });
}

function counted({
  day,
  kind,
  ...cells
}: { day: string; category: string; kind: string } & Record<string, string>): Counted {
  const isBreach = cells.category === 'other_breach';
  const severity = SEVERITIES[isBreach ? kind : (cells.category ?? '')] ?? 'normal';
  return { day, cells: { ...cells, ...(isBreach ? { kind } : {}), severity } };
}

export type Rule = (
  counted: Population,
  period: Period,
  earlier: readonly Told[],
  threshold: number,
) => Publication['published'];

export function publish({ reports, published, threshold }: SchoolYear, rule: Rule): readonly Publication[] {
  const told: Publication[] = [];
  for (const each of published) {
    const counted = populationOf(reports, each);
    told.push({
      period: each,
      counted,
      threshold,
      published: rule(
        counted,
        each,
        told.map(({ threshold: _, ...rest }) => rest),
        threshold,
      ),
    });
  }
  return told;
}

/** Something that nobody may find out, in words, with the sum of unknowns that it is. */
export interface Secret {
  readonly name: string;
  readonly value: number;
  readonly sum: ReadonlyMap<number, number>;
  /** How many publications there were before the one that hides it; all of them where none does. */
  readonly before: number;
}

export function secretsOf(year: SchoolYear, unknowns: Unknowns, told: readonly Publication[]): readonly Secret[] {
  const nothing = told.filter(({ published: { total } }) => total.kind === 'exact' && total.value === 0);
  const isNothing = (slot: Slot) => nothing.some(({ period: { from, to } }) => from <= slot.from && slot.to <= to);
  return year.calendar.flatMap((each) => {
    const slots = unknowns.slotsIn(each).filter((slot) => !isNothing(slot));
    if (slots.length === 0) return [];
    const counted = populationOf(year.reports, each);
    const before = told.findIndex(
      ({ period: { from, to, span } }) => from === each.from && to === each.to && span === each.span,
    );
    const mine = told[before]?.published;
    const isBare = mine === undefined;
    const at = isBare ? told.length : before;
    const same = told.filter(({ period: { from, to } }) => from === each.from && to === each.to);
    const secrets: Secret[] = [];
    const isExact = same.some(({ published }) => published.total.kind === 'exact');
    if (!isExact && (!isBare || counted.total < year.threshold))
      secrets.push({ name: `${each.name} total`, value: counted.total, sum: unknowns.total(slots), before: at });
    for (const [table, cells] of Object.entries(counted.tables))
      for (const [cell, value] of Object.entries(table in unknowns.structure.tables ? cells : {})) {
        if (same.some(({ published }) => (published.tables[table]?.[cell] ?? null) !== null)) continue;
        const isHidden = mine?.tables[table] !== undefined && !BREAKDOWNS[table]?.sums;
        if (!isHidden && value >= year.threshold) continue;
        secrets.push({
          name: `${each.name} ${table}.${cell}`,
          value,
          sum: unknowns.cells(slots, table, [cell]),
          before: at,
        });
      }
    return secrets;
  });
}

/** What the equations alone give away, of the secrets. What was known before it was hidden, and is no small count, is no secret. */
export function foundByEquations(year: SchoolYear, told: readonly Publication[]): readonly string[] {
  const unknowns = new Unknowns(year.calendar, REPORTS);
  const attacker = new LinearAttacker(unknowns, told);
  return secretsOf(year, unknowns, told).flatMap(({ name, value, sum, before }) => {
    const found = attacker.find(sum);
    if (found === undefined) return [];
    if (found !== value) throw new Error(`${name}: ${found} was worked out, and it is ${value}.`);
    const already =
      value >= year.threshold && new LinearAttacker(unknowns, told.slice(0, before)).find(sum) !== undefined;
    return already ? [] : [`${name} = ${value}`];
  });
}

/** Sums below the threshold, over any slots and any cells of a table, that the equations alone give away. */
export function smallSumsFound(year: SchoolYear, told: readonly Publication[]): readonly string[] {
  const unknowns = new Unknowns(year.calendar, REPORTS);
  const attacker = new LinearAttacker(unknowns, told);
  const nothing = told.filter(({ published: { total } }) => total.kind === 'exact' && total.value === 0);
  const open = unknowns.slots.filter(
    (slot) => !nothing.some(({ period: { from, to } }) => from <= slot.from && slot.to <= to),
  );
  return subsets(open).flatMap((slots) =>
    Object.entries(REPORTS.tables).flatMap(([table, names]) =>
      subsets(names).flatMap((cells) => {
        const found = attacker.find(unknowns.cells(slots, table, cells));
        const isSmall = found !== undefined && found < year.threshold;
        return isSmall ? [`${slots.map(({ from }) => from).join('+')} ${table}.${cells.join('+')} = ${found}`] : [];
      }),
    ),
  );
}

const subsets = <T>(all: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: 2 ** all.length - 1 }, (_, bits) => all.filter((__, at) => ((bits + 1) >> at) & 1));

/** What can be worked out by trying everything, bands and all. */
export function foundByTrying(year: SchoolYear, told: readonly Publication[], structure: Structure) {
  const unknowns = new Unknowns(year.calendar, structure);
  const truth = Array.from({ length: unknowns.count }, () => 0);
  for (const slot of unknowns.slots)
    for (const [table, cells] of Object.entries(populationOf(year.reports, slot).tables))
      for (const [cell, value] of Object.entries(table in structure.tables ? cells : {}))
        for (const at of unknowns.cells([slot], table, [cell]).keys()) truth[at] = value;
  const attacker = new CountingAttacker(unknowns, told, truth);
  const secrets = secretsOf(year, unknowns, told);
  const found = secrets.filter(({ value, sum, before }) => {
    if (!attacker.isCertain(sum)) return false;
    const then = told.slice(0, before);
    const already =
      new LinearAttacker(unknowns, then).find(sum) !== undefined ||
      new CountingAttacker(unknowns, then, truth).isCertain(sum);
    return value < year.threshold || !already;
  });
  return {
    found: found.map(({ name, value }) => `${name} = ${value}`),
    undecided: attacker.undecided,
    secrets: secrets.length,
  };
}
