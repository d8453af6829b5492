import { once } from 'node:events';
import { aMessage } from '../test/support/activities.js';
import { questionsToAsk } from './search.js';
import { type Spread, spreadOf } from './spread.js';
import { type Started, startsIn } from './stack.js';
import { byTurns } from './turns.js';

/** Milliseconds from starting the process. */
export interface Start {
  /** Until `/healthz` answers. */
  readonly alive: number;
  /** Until the first message has its reply. */
  readonly reply: number;
}

export interface StartFigures {
  readonly policyDesk: Readonly<Record<keyof Start, Spread>>;
  readonly echo: Readonly<Record<keyof Start, Spread>>;
  /** Policy Desk's time divided by the echo bot's, start by start. */
  readonly ratio: Readonly<Record<keyof Start, Spread>>;
}

const POLL_MS = 10;
const LIMIT_MS = 120_000;

/** Starts both bots by turns. @param folder from `buildProject`. */
export async function measureStarts(folder: string, times: number): Promise<StartFigures> {
  const { policyDesk, echo, stop } = await startsIn(folder);
  try {
    // The first finds nothing of its files in memory.
    await byTurns(
      1,
      () => measured(policyDesk),
      () => measured(echo),
    );
    const pairs = await byTurns(
      times,
      () => measured(policyDesk),
      () => measured(echo),
    );
    const spreads = (figure: (pair: readonly [Start, Start], name: keyof Start) => number) => ({
      alive: spreadOf(pairs.map((pair) => figure(pair, 'alive'))),
      reply: spreadOf(pairs.map((pair) => figure(pair, 'reply'))),
    });
    return {
      policyDesk: spreads(([ours], name) => ours[name]),
      echo: spreads(([, floor], name) => floor[name]),
      ratio: spreads(([ours, floor], name) => ours[name] / floor[name]),
    };
  } finally {
    await stop();
  }
}

async function measured(start: () => Started): Promise<Start> {
  const from = performance.now();
  const { process: started, origin } = start();
  try {
    while (!(await isAlive(origin))) {
      if (started.exitCode !== null || performance.now() - from > LIMIT_MS) throw new Error('A bot did not start.');
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    const alive = performance.now() - from;
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(aMessage(questionsToAsk()[0]));
    const response = await fetch(`${origin}/api/messages`, { method: 'POST', headers, body });
    const reply = await response.text();
    if (!reply.includes('"type":"message"')) throw new Error(`A bot that started does not reply: ${reply}`);
    return { alive, reply: performance.now() - from };
  } finally {
    const ended = once(started, 'close');
    started.kill('SIGKILL');
    await ended;
  }
}

async function isAlive(origin: string): Promise<boolean> {
  try {
    const response = await fetch(`${origin}/healthz`);
    await response.text();
    return response.ok;
  } catch {
    return false;
  }
}
