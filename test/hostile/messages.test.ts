import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FIELDS, NO_ANSWERS } from '../../src/reports/fields.js';
import { inputsOf } from '../../src/teams/report-fields.js';
import { FORMS, type FormName } from '../../src/teams/triage-forms.js';
import { ATTACKS, mutated, mutations, pollutedPrototypes, TOKEN, tell, UNSEEN, Watched } from '../support/hostile.js';
import { type Journey, Traveller } from '../support/journey.js';
import { aDraft } from '../support/reports.js';
import { textsShown } from '../support/shown.js';
import { isFull, SEED, times } from '../support/thoroughness.js';

/** Teams refuses what is larger. */
const MOST_MESSAGE_BYTES = 28 * 1024;

/** Of every attack the part that does most, in one text short enough for any box. */
const TOGETHER = (mark: string): string =>
  `${mark} **b** [l](https://evil.example) ![i](https://evil.example/x.png) <b>x</b><script>alert(1)</script>&lt;i&gt; ` +
  `<at>Policy Desk</at> \${1+1} \${name} \${$root.reference} @{1+1} {{DATE(2026-11-20T00:00:00Z,SHORT)}} ` +
  `${UNSEEN.bidirectional}${UNSEEN.zeroWidth}${UNSEEN.control}${UNSEEN.surrogates}"'\`\\ ${mark}`;

const attacks = isFull ? { 'all of them together': TOGETHER, ...ATTACKS } : { 'all of them together': TOGETHER };

/** What is shown of a text: without what cannot be seen and moves or hides other words, and with a sign in place of half a character. */
const asShown = (text: string): string =>
  text
    .replace(/\r\n?|[\u0085\u2028\u2029]/gu, '\n')
    .replace(/[^\P{Cc}\n\t]|[\u200b\u2060\ufeff\u00ad\u202a-\u202e\u2066-\u2069]/gu, '')
    .replace(/\p{Surrogate}/gu, '\u{FFFD}')
    .replace(/[^\S\n]+/gu, ' ');

/** Names of everything that is typed into a card, from the cards' templates and the forms' own lists. */
function fieldsOfCards(): Set<string> {
  const folder = new URL('../../adaptiveCards/', import.meta.url);
  const fixed = readdirSync(folder).flatMap((file) => {
    const ids: string[] = [];
    JSON.parse(readFileSync(new URL(file, folder), 'utf8'), (_key, value: unknown) => {
      const { type, id } = Object(value) as { type?: unknown; id?: unknown };
      if (type === 'Input.Text' && !String(id).startsWith('${')) ids.push(`${file.replace('.json', '')}.${String(id)}`);
      return value;
    });
    return ids;
  });
  const { profile } = traveller.room.school;
  const steps = Object.keys(FIELDS) as (keyof typeof FIELDS)[];
  const drafts = (['online_bullying', 'disparaging_post', 'other_breach'] as const).map((category) =>
    aDraft('x', { answers: { ...NO_ANSWERS, category, about: 'colleague' } }),
  );
  const ofReport = steps.flatMap((step) =>
    drafts.flatMap((draft) =>
      inputsOf(draft, step, profile, [])
        .filter(({ kind }) => kind === 'text')
        .map(({ id }) => `report-step.${id}`),
    ),
  );
  const chosen: readonly string[] = ['to', 'action', 'on', 'outcome', 'post.as'];
  const ofForms = (Object.keys(FORMS) as FormName[]).flatMap((form) =>
    FORMS[form].inputs
      .filter((input) => !chosen.includes(input) && !chosen.includes(`${form}.${input}`))
      .map((input) => `case-form.${form}.${input}`),
  );
  return new Set([...fixed, ...ofReport, ...ofForms, 'case-form.link.to']);
}

let traveller: Traveller;
let watched: Watched;
let shownAgain = 0;
/** Every activity that the journeys sent, with which the bot did something. */
const recorded: object[] = [];
beforeAll(() => {
  watched = new Watched();
  const send = globalThis.fetch;
  vi.stubGlobal('fetch', (url: string, init?: RequestInit) => {
    if (String(url).endsWith('/api/messages')) recorded.push(JSON.parse(String(init?.body)) as object);
    return send(url, init);
  });
});
afterAll(async () => {
  vi.unstubAllGlobals();
  watched.stop();
  await traveller.room.close();
  tell('what people type', { attacks: Object.keys(attacks).length, 'texts shown again': shownAgain });
});

/** Texts that hold something typed and show it as anything else. */
function shownOtherwise({ shown, typed }: Journey): string[] {
  const faults: string[] = [];
  const texts = [...typed.values()].flatMap((text) => [text, text.replace(/(?:&nbsp;|\s)+/gu, ' ')]).map(asShown);
  const lines = new Set(texts.flatMap((text) => text.split('\n')).filter((line) => line.includes(TOKEN)));
  const longestFirst = [...lines].toSorted((one, other) => other.length - one.length);
  for (const message of shown)
    for (const { at, seen, raw } of textsShown(message)) {
      if (/\p{Surrogate}/u.test(raw)) faults.push(`half a character at ${at}: ${raw}`);
      if (!raw.includes(TOKEN)) {
        if (/[$@]\{/u.test(raw)) faults.push(`a placeholder is left over at ${at}: ${raw}`);
        continue;
      }
      shownAgain += 1;
      const clean = asShown(seen);
      if (clean !== seen.replace(/[^\S\n]+/gu, ' ')) faults.push(`unseen characters at ${at}: ${JSON.stringify(raw)}`);
      const rest = longestFirst.reduce((left, line) => left.replaceAll(line, ''), clean);
      const isAsTyped = !rest.includes(TOKEN) || longestFirst.some((line) => isBeginning(rest, line));
      if (!isAsTyped) faults.push(`otherwise than typed at ${at}: ${JSON.stringify(raw)}`);
    }
  return [...new Set(faults)];
}

/** Whether all from the first mark on is the beginning of what was typed, cut. */
function isBeginning(text: string, typed: string): boolean {
  const from = text.slice(text.indexOf(TOKEN)).replace(/\s*(?:…|\[…\]).*$/su, '');
  return typed.slice(typed.indexOf(TOKEN)).startsWith(from.trimEnd());
}

describe.each(Object.entries(attacks))('%s, typed into every field', (_name, attack) => {
  let journey: Journey;
  beforeAll(async () => {
    await traveller?.room.close();
    traveller = await Traveller.start((field) => attack(`${TOKEN} ${field}`));
    journey = await traveller.everything();
  });

  it('reaches every field there is', () => {
    expect([...fieldsOfCards()].filter((field) => !journey.typed.has(field))).toEqual([]);
  });

  it('is shown as it was typed, or not at all', () => {
    expect(shownOtherwise(journey)).toEqual([]);
  });

  it('makes no message larger than Teams takes', () => {
    const sizes = journey.shown.map((message) => Buffer.byteLength(JSON.stringify(message)));
    expect(Math.max(...sizes)).toBeLessThan(MOST_MESSAGE_BYTES);
  });

  it('fails nowhere, and leaves nothing in the log and in the prototypes of others', () => {
    const { logged } = traveller.room.bot;
    expect(logged.filter(({ level }) => level === 'error')).toEqual([]);
    expect(JSON.stringify(logged)).not.toContain(TOKEN);
    expect(pollutedPrototypes()).toEqual([]);
    expect(watched.faults).toEqual([]);
  });
});

/** How an activity was taken, where that is not as it should be. */
async function faultOf(activity: object): Promise<string | undefined> {
  const { bot, options } = traveller.room;
  const before = bot.logged.length;
  // A place that is not there is a fault of the network's, and tested as such.
  const sent =
    'serviceUrl' in activity && activity.serviceUrl ? { ...activity, serviceUrl: options.serviceUrl } : activity;
  const response = await fetch(`${bot.address}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(sent),
    signal: AbortSignal.timeout(60_000),
  });
  const text = await response.text();
  const logged = bot.logged.slice(before).filter(({ level }) => level === 'error');
  if (logged.length > 0) return JSON.stringify(logged);
  if (response.status >= 500) return `${response.status} ${text}`;
  if (response.status >= 400 && /[<>]|Zqxvj/u.test(text)) return `${response.status} says ${text}`;
  const polluted = pollutedPrototypes();
  return polluted.length > 0 ? `polluted: ${polluted.join()}` : undefined;
}

describe('activities that were valid', () => {
  it('are taken or refused, however they are changed, and never fail', async () => {
    const runs = times(300, 8_000);
    const seeds = recorded.slice();
    const changed = fc.tuple(fc.nat(seeds.length - 1), mutations);
    const faults = new Map<string, string>();
    for (const [at, list] of fc.sample(changed, { numRuns: runs, seed: SEED })) {
      const activity = mutated(seeds[at] ?? {}, list);
      const fault = await faultOf(activity);
      // Its reference and time are its own.
      if (fault) faults.set(fault.replace(/"time":"[^"]*"|ERR-\w+/gu, ''), JSON.stringify(activity).slice(0, 2_000));
    }
    expect([...faults], `seed ${SEED}`).toEqual([]);
    tell('changed activities', { recorded: seeds.length, sent: runs });
  }, 3_000_000);
});
