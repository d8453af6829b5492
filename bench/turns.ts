import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TableClient } from '@azure/data-tables';
import autocannon from 'autocannon';
import { questionsIn, TABLE } from '../src/storage/question-table.js';
import { aMessage } from '../test/support/activities.js';
import { questionsToAsk } from './search.js';
import { type Spread, spreadOf } from './spread.js';
import type { Stack } from './stack.js';

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

/** How replies travel: in the response to the message, or, as in Teams, by calls to the channel's service (on loopback). */
export type Delivery = 'expectReplies' | 'connector';

const RECORDED_LIMIT_MS = 60_000;

/**
 * Drives both bots with the sample policy's questions, by turns, the one that goes first changing.
 *
 * @throws when a message is not answered with 200.
 */
export async function measureTurns(stack: Stack, delivery: Delivery, options: TurnOptions): Promise<TurnFigures> {
  await checkReplies(stack);
  await takeQuestions(stack, 1);
  const connector = await startConnector();
  try {
    const bodies = questionBodies(delivery, connector);
    let answered = 0;
    let recorded = 0;
    const measure = {
      policyDesk: async () => {
        const rate = await drive(stack.policyDesk, bodies, options);
        answered += options.turns;
        recorded += await takeQuestions(stack, options.turns);
        return rate;
      },
      echo: () => drive(stack.echo, bodies, options),
    };
    const rates = { policyDesk: [] as number[], echo: [] as number[] };
    await measure.policyDesk();
    await measure.echo();
    for (let round = 0; round < options.rounds; round += 1) {
      for (const bot of round % 2 === 0 ? (['policyDesk', 'echo'] as const) : (['echo', 'policyDesk'] as const))
        rates[bot].push(await measure[bot]());
    }
    const ratios = rates.policyDesk.map((rate, round) => rate / (rates.echo[round] ?? Number.NaN));
    return {
      policyDesk: spreadOf(rates.policyDesk),
      echo: spreadOf(rates.echo),
      ratio: spreadOf(ratios),
      answered,
      recorded,
    };
  } finally {
    connector.closeAllConnections();
    await new Promise((resolve) => connector.close(resolve));
  }
}

/** Fast replies are worth nothing when they are the wrong ones. */
async function checkReplies({ policyDesk, echo }: Stack): Promise<void> {
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

function questionBodies(delivery: Delivery, connector: Server): string[] {
  const serviceUrl = `http://127.0.0.1:${(connector.address() as AddressInfo).port}`;
  return questionsToAsk().map((question) => {
    const { deliveryMode, ...activity } = aMessage(question, { serviceUrl });
    return JSON.stringify(delivery === 'expectReplies' ? { ...activity, deliveryMode } : activity);
  });
}

/** @returns turns a second, up to the last response: autocannon itself looks only once a second whether it is done. */
async function drive(url: string, bodies: readonly string[], { connections, turns }: TurnOptions): Promise<number> {
  const started = performance.now();
  let ended = started;
  const { errors, timeouts, non2xx } = await new Promise<autocannon.Result>((resolve, reject) => {
    const load = autocannon(
      {
        url,
        connections,
        amount: turns,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        requests: bodies.map((body) => ({ body })),
      },
      (error: unknown, result) => (error ? reject(error) : resolve(result)),
    );
    load.on('response', () => {
      ended = performance.now();
    });
  });
  const failed = errors + timeouts + non2xx;
  if (failed > 0) throw new Error(`${failed} of ${turns} messages to ${url} were not answered.`);
  return (1_000 * turns) / (ended - started);
}

/**
 * Waits until the questions just asked are in the table, then empties it: Azurite takes the longer for an entity the more there are.
 *
 * @returns how many there were.
 */
async function takeQuestions({ storage }: Stack, expected: number): Promise<number> {
  const table = TableClient.fromConnectionString(storage, TABLE, { allowInsecureConnection: true });
  const until = performance.now() + RECORDED_LIMIT_MS;
  let found = 0;
  do {
    await new Promise((resolve) => setTimeout(resolve, 500));
    found = 0;
    for await (const pack of table.listEntities()) found += questionsIn(pack).length;
  } while (found < expected && performance.now() < until);
  await table.deleteTable();
  await table.createTable();
  return found;
}

/** The part of the channel's service that takes replies, reduced to taking them. */
async function startConnector(): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"id":"1"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
