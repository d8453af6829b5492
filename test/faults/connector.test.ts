import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ConnectorCall, Trouble } from '../fakes/connector.js';
import { SimulatedStaff } from '../support/simulated-staff.js';
import { HELEN, Staffroom } from '../support/staff.js';
import { isFull, times } from '../support/thoroughness.js';
import { act } from '../support/triaging.js';
import { figuresOf, settled, type Told, untrue } from '../support/truth.js';

const RETRY_AFTER_MS = 2_000;
const LASTS_MS = times(1_000, 20_000);
const PEOPLE = times(4, 12);
const QUESTIONS = 3;
/** Half of every wait after trouble, so that it is known how long is waited at least. */
const JITTER = 0.5;
/** After refusals people have hours; here it is moments. */
const JITTER_AFTER_REFUSALS = 0.0005;
/** Teams' limits for one conversation. Messages that were held up on their way come closer to one another than they were sent. */
const LIMITS = [
  { messages: 7, withinMs: 1_000 },
  { messages: 60, withinMs: 30_000 },
];
const HELD_UP_MS = 500;

let room: Staffroom;
let jitter = JITTER;
let everybody: SimulatedStaff[] = [];
beforeAll(async () => {
  room = await Staffroom.open({ random: () => jitter });
  room.bot.deliveries.start();
});
afterAll(() => room.close());
afterEach(() => {
  room.connector.draw = undefined;
});

const withFiles = () => ({
  bot: room.bot,
  connector: room.connector,
  options: room.options,
  pasted: (bytes: Uint8Array) => ({
    contentType: 'image/*',
    contentUrl: room.fileUrl(room.files.picture({ kind: 'serves', bytes })),
  }),
});
const told = (): Told => ({
  ...{ staff: everybody, room: withFiles(), connection: inject('storage'), schoolId: room.school.profile.id },
  logged: room.bot.logged,
});

/** Reports, which the Headteacher acknowledges at once, and then asks its reporter this and that. */
async function reportAndBeAsked(one: SimulatedStaff): Promise<void> {
  const { receipt = 'none', mark } = await one.report();
  await act(room, receipt, { do: 'acknowledge' }, HELEN);
  for (let at = 1; at <= QUESTIONS; at += 1) await act(room, receipt, { do: 'ask', words: `${at} of ${mark}?` }, HELEN);
}

/** What a call says, whatever it is a try of: the same message tried again is the same call. */
const messageOf = ({ method, path, body }: ConnectorCall): string =>
  JSON.stringify([
    method,
    path.replace(/\/activities\/.*$/u, '/activities'),
    body.channelData,
    // Chats with several people may be opened at once.
    body.members,
    body.attachments ?? body.activity,
  ]);

/** Where a call puts a message; `undefined` for one that only opens a chat. */
function conversationOf({ path, body }: ConnectorCall): string | undefined {
  const [, id] = /\/conversations\/([^/;]+)/u.exec(path) ?? [];
  return id ?? (body.channelData as { channel?: { id: string } } | undefined)?.channel?.id;
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string | undefined): T[][] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

/** Tries that came earlier than they should: after 1 s, then twice as long each time, and never before Retry-After. */
function tooEarly(calls: readonly ConnectorCall[]): string[] {
  return grouped(calls, messageOf).flatMap((tries) =>
    tries.slice(1).flatMap((again, at) => {
      const before = tries[at] as ConnectorCall;
      if (before.status === undefined || before.status < 400 || before.status === 403) return [];
      const longest = 1_000 * 2 ** at;
      const least = JITTER * longest + (before.status === 429 ? RETRY_AFTER_MS : 0);
      const waited = again.at - before.at;
      // A clock of whole milliseconds on both sides.
      return waited < least - 2 ? [`Try ${at + 2} after ${before.status} came after ${waited} ms, not ${least}`] : [];
    }),
  );
}

/** More messages to one conversation than Teams takes. */
function tooMany(calls: readonly ConnectorCall[]): string[] {
  return grouped(calls, conversationOf).flatMap((some) =>
    LIMITS.flatMap(({ messages, withinMs }) =>
      some.slice(messages).flatMap((late, at) => {
        const apart = late.at - (some[at] as ConnectorCall).at;
        return apart < withinMs - HELD_UP_MS ? [`${messages + 1} messages within ${apart} ms`] : [];
      }),
    ),
  );
}

/** Questions as they stand in their reporters' chats, in the order in which they came. */
function outOfOrder(): string[] {
  return everybody.flatMap(({ chat, reports }) =>
    reports.flatMap(({ mark }) => {
      const asked = chat.received.flatMap(
        (card) => new RegExp(`(\\d) of ${mark}`, 'u').exec(JSON.stringify(card))?.[1] ?? [],
      );
      return asked.join(' ') === '1 2 3' ? [] : [`Questions on ${mark} came as ${asked.join(' ') || 'none'}`];
    }),
  );
}

const ANSWERS = [429, 502, 412, 403] as const;
const troubleOf = (status: number): Trouble =>
  status === 429 ? { status, headers: { 'retry-after': String(RETRY_AFTER_MS / 1_000) } } : { status };
const PHASES: readonly (readonly [string, () => Trouble | undefined])[] = isFull
  ? [
      ...[...ANSWERS, 504].map((status) => [`${status} for a while`, () => troubleOf(status)] as const),
      ['nothing for a while', () => 'hang'],
      ['now this, now that', () => (Math.random() < 0.3 ? undefined : troubleOf(oneOf([429, 502, 412, 504])))],
    ]
  : [
      ['now this, now that', () => (Math.random() < 0.3 ? undefined : troubleOf(oneOf([429, 502, 412, 504])))],
      ['403 for a while', () => troubleOf(403)],
      ['nothing for a while', () => 'hang'],
    ];
function oneOf<T>(some: readonly T[]): T {
  return some[Math.floor(Math.random() * some.length)] as T;
}

describe.each(PHASES)('a connector that answers %s', (name, draw) => {
  it('is tried again as it asks for, and gets everything once, in order', async () => {
    everybody = Array.from({ length: PEOPLE }, () => new SimulatedStaff(withFiles(), { pictures: 0 }));
    const { calls } = room.connector;
    const from = calls.length;
    let faults = 0;
    jitter = name.startsWith('403') ? JITTER_AFTER_REFUSALS : JITTER;
    room.connector.draw = () => {
      const trouble = draw();
      if (trouble) faults += 1;
      return trouble;
    };
    const reporting = Promise.all(everybody.map(reportAndBeAsked));
    await setTimeout(LASTS_MS);
    await reporting;
    room.connector.draw = undefined;
    await settled(told(), 300_000);
    const here = calls.slice(from);
    expect([...tooEarly(here), ...tooMany(here), ...outOfOrder()]).toEqual([]);
    expect((await untrue(told())).filter((found) => !found.includes('a case of nobody'))).toEqual([]);
    const figures = await figuresOf(told(), faults);
    process.stdout.write(`connector, ${name}: ${JSON.stringify(figures)}\n`);
    expect(figures).toMatchObject({ sent: PEOPLE, acknowledged: PEOPLE, lost: 0, doubled: 0 });
    expect(figures.faults).toBeGreaterThan(0);
    // Word that the channel is lost is nobody's any more once it has been found again.
    const givenUp = room.bot.logged.filter(({ event }) => event === 'delivery.given_up');
    expect(
      givenUp.filter(({ outcome, reference }) => outcome !== 'obsolete' || !/^Jobs\//u.test(String(reference))),
    ).toEqual([]);
  }, 600_000);
});
