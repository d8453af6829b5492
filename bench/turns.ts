import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import autocannon from 'autocannon';
import { aMessage } from '../test/support/activities.js';
import { sampleQuestions } from './labelled-questions.js';
import { type Spread, spreadOf } from './spread.js';
import type { Stack } from './stack.js';

export interface TurnOptions {
  /** Pairs of measurements, one of each bot. */
  readonly rounds: number;
  /** How long each bot is driven in each round, in seconds. */
  readonly seconds: number;
  /** Clients that each send one message after the other. */
  readonly connections: number;
}

/** Turns a second of the two bots under the same load. */
export interface TurnFigures {
  readonly policyDesk: Spread;
  readonly echo: Spread;
  /** Policy Desk's share of the echo bot's throughput, round by round. */
  readonly ratio: Spread;
  /** How many messages Policy Desk answered, warm-up included. */
  readonly answered: number;
}

/** How replies travel: in the response to the message, or, as in Teams, by calls to the channel's service (on loopback). */
export type Delivery = 'expectReplies' | 'connector';

/**
 * Drives both bots with the sample policy's questions, by turns.
 *
 * @throws when a message is not answered with 200.
 */
export async function measureTurns(stack: Stack, delivery: Delivery, options: TurnOptions): Promise<TurnFigures> {
  const connector = await startConnector();
  try {
    const bodies = questionBodies(delivery, connector);
    let answered = 0;
    const drive = async (url: string, seconds: number) => {
      const { requests, duration } = await load(url, bodies, { ...options, seconds });
      if (url === stack.policyDesk) answered += requests;
      return requests / duration;
    };
    for (const url of [stack.policyDesk, stack.echo]) await drive(url, options.seconds);
    const rates = { policyDesk: [] as number[], echo: [] as number[] };
    for (let round = 0; round < options.rounds; round += 1) {
      rates.policyDesk.push(await drive(stack.policyDesk, options.seconds));
      rates.echo.push(await drive(stack.echo, options.seconds));
    }
    const ratios = rates.policyDesk.map((rate, round) => rate / (rates.echo[round] ?? Number.NaN));
    return {
      policyDesk: spreadOf(rates.policyDesk),
      echo: spreadOf(rates.echo),
      ratio: spreadOf(ratios),
      answered,
    };
  } finally {
    await new Promise((resolve) => connector.close(resolve));
  }
}

function questionBodies(delivery: Delivery, connector: Server): string[] {
  const serviceUrl = `http://127.0.0.1:${(connector.address() as AddressInfo).port}`;
  return sampleQuestions()
    .filter(({ kind }) => kind === 'answerable' || kind === 'unanswerable')
    .map(({ question }) => {
      const { deliveryMode, ...activity } = aMessage(question, { serviceUrl });
      return JSON.stringify(delivery === 'expectReplies' ? { ...activity, deliveryMode } : activity);
    });
}

async function load(
  url: string,
  bodies: readonly string[],
  { connections, seconds }: Pick<TurnOptions, 'connections' | 'seconds'>,
): Promise<{ requests: number; duration: number }> {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    requests: bodies.map((body) => ({ body })),
  });
  const failed = result.errors + result.timeouts + result.non2xx;
  if (failed > 0) throw new Error(`${failed} of ${result.requests.total} messages to ${url} were not answered.`);
  return { requests: result.requests.total, duration: result.duration };
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
