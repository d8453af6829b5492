import { readdirSync } from 'node:fs';
import { AdaptiveCard, SerializationContext, type ValidationResults } from 'adaptivecards';
import { beforeAll, describe, expect, it } from 'vitest';
import { readTextPolicy } from '../../src/policies/read-policy.js';
import { cardMessage } from '../../src/teams/cards/message.js';
import { CARD_NAMES, type Card } from '../../src/teams/cards/template.js';
import { corpusPolicies } from '../support/corpus.js';
import { sampleSchool } from '../support/sample-school.js';
import { AWKWARD, sampleCards } from './samples.js';

/** Teams refuses larger messages on some routes; 28 KB is the smallest limit. */
const MAX_MESSAGE_BYTES = 28 * 1024;

/** Charts are Teams' own; every other client draws what stands in their `fallback`. */
const OF_TEAMS_ALONE = /Chart\.(?:VerticalBar|HorizontalBar)\b/u;

let cards: [string, Card][];
beforeAll(async () => {
  const sample = await sampleSchool();
  const real = corpusPolicies().map(({ name, bytes }) => readTextPolicy(name, bytes));
  cards = Object.entries(await sampleCards({ ...sample, policies: [...sample.policies, ...real] }));
});

/** Every value of a key, however deep. */
function valuesOf(value: unknown, key: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((one) => valuesOf(one, key));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === key ? [inner] : valuesOf(inner, key)));
}

describe('every card', () => {
  it('has a template, and every template a card', () => {
    expect(readdirSync(new URL('../../adaptiveCards', import.meta.url)).toSorted()).toEqual(
      CARD_NAMES.map((name) => `${name}.json`).toSorted(),
    );
    for (const name of CARD_NAMES)
      expect(
        cards.some(([sample]) => sample.startsWith(name)),
        name,
      ).toBe(true);
  });

  it('is understood by the official parser without a warning', () => {
    for (const [name, card] of cards) {
      const context = new SerializationContext();
      const parsed = new AdaptiveCard();
      parsed.parse(JSON.parse(JSON.stringify(card)), context);
      const warnings = Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at).message).filter(
        (message) => !OF_TEAMS_ALONE.test(message),
      );
      const results: ValidationResults = parsed.validateProperties();
      expect({ warnings, faults: results.validationEvents.map(({ message }) => message) }, name).toEqual({
        warnings: [],
        faults: [],
      });
    }
  });

  it('is of schema 1.5, says itself in words, and stays under the size limit', () => {
    for (const [name, card] of cards) {
      expect(card, name).toMatchObject({ type: 'AdaptiveCard', version: '1.5' });
      expect(card.fallbackText.length, name).toBeGreaterThan(20);
      expect(String(card.speak).length, name).toBeGreaterThan(20);
      expect(Buffer.byteLength(JSON.stringify(cardMessage(card))), name).toBeLessThan(MAX_MESSAGE_BYTES);
    }
  });

  it('stays under the size limit as a message even with clauses longer than any should be', async () => {
    const sample = await sampleSchool();
    const endless = `Staff must not ${'post “this” or “that” and '.repeat(400)}so on.`;
    const text = ['One', 'Two', 'Three'].map((word) => `${word}: ${endless}`).join('\n\n');
    const policies = [readTextPolicy('endless.txt', new TextEncoder().encode(text))];
    for (const [name, card] of Object.entries(await sampleCards({ ...sample, policies }))) {
      expect(Buffer.byteLength(JSON.stringify(cardMessage(card))), name).toBeLessThan(MAX_MESSAGE_BYTES);
    }
  });

  it('has nothing left to fill in', () => {
    for (const [name, card] of cards) {
      expect(JSON.stringify(card).replaceAll(JSON.stringify(AWKWARD).slice(-9, -1), ''), name).not.toContain('${');
    }
  });

  it('shows what a policy or a person wrote as they wrote it: in runs of text, never as Markdown', () => {
    const [, card] = cards.find(([name]) => name === 'answer-awkward') as [string, Card];
    const runs = valuesOf(card, 'inlines').flatMap((inlines) => valuesOf(inlines, 'text'));
    expect(runs).toContain(`${AWKWARD.replaceAll('*', '').replace(/<\/?b>/gu, '')} as long as they are here.`);
    const blocks = JSON.stringify(valuesOf(card, 'body')).match(/"TextBlock","text":"[^"]*"/gu) ?? [];
    expect(blocks.join('\n')).not.toContain('[this]');
  });

  it('says where a text was shortened to fit, and only there', () => {
    const shortened = cards.filter(([, card]) => JSON.stringify(card).includes('Shortened here. All of it is kept.'));
    expect(shortened.map(([name]) => name)).toEqual([
      'report-step-wishes-faults',
      'report-step-wishes-longest',
      'my-report-longest',
      'case-reading-longest',
      'case-question-longest',
      'my-report-asked-longest',
      'case-news-longest',
    ]);
  });

  it('has actions that every client knows: a verb, and a submit to fall back on', () => {
    for (const [name, card] of cards) {
      for (const actions of valuesOf(card, 'actions') as {
        type: string;
        verb?: string;
        fallback?: object;
        data?: object;
      }[][]) {
        for (const action of actions.filter(({ type }) => type === 'Action.Execute')) {
          expect(action.fallback, name).toMatchObject({
            type: 'Action.Submit',
            data: { ...action.data, verb: action.verb },
          });
        }
      }
    }
  });

  it('carries no person in its actions', () => {
    for (const [name, card] of cards)
      expect(JSON.stringify(valuesOf(card, 'data')), name).not.toMatch(/Achebe|Hughes|01632|@/u);
  });
});
