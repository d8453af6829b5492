import { aMessage } from '../test/support/activities.js';
import { questionsToAsk } from './search.js';
import { type Spread, spreadOf } from './spread.js';
import type { Stack } from './stack.js';
import { type Delivery, drive, questionBodies, TakingConnector, takeQuestions } from './traffic.js';

export interface TurnOptions {
  /** Pairs of measurements, one of each bot. */
  readonly rounds: number;
  /** Messages to each bot in each round. */
  readonly turns: number;
  /** Clients that each send one message after the other. */
  readonly connections: number;
}

/** Turns a second of the two bots under the same load. */
export interface TurnFigures {
  readonly policyDesk: Spread;
  readonly echo: Spread;
  /** Policy Desk's share of the echo bot's throughput, round by round. */
  readonly ratio: Spread;
  /** Questions that Policy Desk answered, warm-up included, and how many of them were found in its table. */
  readonly answered: number;
  readonly recorded: number;
}

/**
 * Drives both bots with the sample policy's questions, by turns, the one that goes first changing.
 *
 * @throws when a message is not answered with 200.
 */
export async function measureTurns(stack: Stack, delivery: Delivery, options: TurnOptions): Promise<TurnFigures> {
  await checkReplies(stack);
  await takeQuestions(stack.storage, 1);
  const connector = await TakingConnector.start();
  try {
    const bodies = questionBodies(delivery, connector.serviceUrl);
    let answered = 0;
    let recorded = 0;
    const measure = {
      policyDesk: async () => {
        const { perSecond } = await drive(stack.policyDesk, bodies, options);
        answered += options.turns;
        recorded += await takeQuestions(stack.storage, options.turns);
        return perSecond;
      },
      echo: async () => (await drive(stack.echo, bodies, options)).perSecond,
    };
    await measure.policyDesk();
    await measure.echo();
    const pairs = await byTurns(options.rounds, measure.policyDesk, measure.echo);
    return {
      policyDesk: spreadOf(pairs.map(([ours]) => ours)),
      echo: spreadOf(pairs.map(([, floor]) => floor)),
      ratio: spreadOf(pairs.map(([ours, floor]) => ours / floor)),
      answered,
      recorded,
    };
  } finally {
    await connector.stop();
  }
}

/** Measures two things one after the other, so that what else the machine does meets both; the one that goes first changes. */
export async function byTurns<T>(
  rounds: number,
  ours: () => Promise<T>,
  floor: () => Promise<T>,
): Promise<(readonly [ours: T, floor: T])[]> {
  const pairs: (readonly [T, T])[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) {
      const first = await ours();
      pairs.push([first, await floor()]);
    } else {
      const first = await floor();
      pairs.push([await ours(), first]);
    }
  }
  return pairs;
}

/** Fast replies are worth nothing when they are the wrong ones. */
export async function checkReplies({ policyDesk, echo }: Stack): Promise<void> {
  const [question = ''] = questionsToAsk();
  for (const [url, expected] of [
    [policyDesk, '"questionId"'],
    [echo, JSON.stringify(question)],
  ] as const) {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(aMessage(question)) });
    const text = await response.text();
    if (!text.includes(expected)) throw new Error(`${url} does not reply as it should: ${text}`);
  }
}
