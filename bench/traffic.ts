import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TableClient } from '@azure/data-tables';
import autocannon from 'autocannon';
import { questionsIn, TABLE } from '../src/storage/question-table.js';
import { aMessage, from } from '../test/support/activities.js';
import { questionsToAsk } from './search.js';
import { type Spread, spreadOf } from './spread.js';

/** How replies travel: in the response to the message, or, as in Teams, by calls to the channel's service (on loopback). */
export type Delivery = 'expectReplies' | 'connector';

export interface Traffic {
  /** Clients that each send one message after the other. */
  readonly connections: number;
  /** Messages in all. */
  readonly turns: number;
}

/** What became of the messages. */
export interface Driven {
  readonly perSecond: number;
  /** Milliseconds from a message to the response. */
  readonly latency: Spread;
}

const RECORDED_LIMIT_MS = 60_000;
/** Far more than staff ask in turn, so that none is one whom the bot met a moment ago. */
const PEOPLE = 500;

/**
 * Sends messages, each of the bodies in turn.
 *
 * @returns turns a second up to the last response: autocannon itself looks only once a second whether it is done.
 * @throws when one is not answered with 200.
 */
export async function drive(url: string, bodies: readonly string[], { connections, turns }: Traffic): Promise<Driven> {
  const started = performance.now();
  let ended = started;
  const latencies: number[] = [];
  const { errors, timeouts, non2xx } = await new Promise<autocannon.Result>((resolve, reject) => {
    const load = autocannon(
      {
        ...{ url, connections, method: 'POST', headers: { 'content-type': 'application/json' } },
        ...{ amount: turns, timeout: 60 },
        requests: bodies.map((body) => ({ body })),
      },
      (error: unknown, result) => (error ? reject(error) : resolve(result)),
    );
    load.on('response', (_client, _status, _bytes, milliseconds) => {
      ended = performance.now();
      latencies.push(milliseconds);
    });
  });
  const failed = errors + timeouts + non2xx;
  if (failed > 0) throw new Error(`${failed} of ${turns} messages to ${url} were not answered.`);
  return { perSecond: (1_000 * turns) / (ended - started), latency: spreadOf(latencies) };
}

/** The sample policy's questions, as many people ask them. @param serviceUrl where replies go, unless they are expected at once. */
export function questionBodies(delivery: Delivery, serviceUrl: string): string[] {
  const questions = questionsToAsk();
  return Array.from({ length: Math.max(PEOPLE, questions.length) }, (_, at) => {
    const id = `0d3c6a51-7b1e-4f0a-8c55-3e9a2b7d${String(at).padStart(4, '0')}`;
    const asked = from({ id, name: `Teacher ${at}` }, aMessage(questions[at % questions.length], { serviceUrl }));
    const { deliveryMode, ...activity } = asked;
    return JSON.stringify({
      ...(delivery === 'expectReplies' ? { ...activity, deliveryMode } : activity),
      conversation: { ...activity.conversation, id: `a:personal-${at}` },
    });
  });
}

/**
 * Waits until the questions just asked are in the table, then empties it: Azurite takes the longer for an entity the more there are.
 *
 * @returns how many there were.
 */
export async function takeQuestions(storage: string, expected: number): Promise<number> {
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

/** The part of the channel's service that takes messages, reduced to taking them. */
export class TakingConnector {
  readonly #server: Server;
  /** Messages so far. */
  taken = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.taken += 1;
      const id = `message-${this.taken}`;
      request.resume().on('end', () => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ id, activityId: id }));
      });
    });
  }

  static async start(): Promise<TakingConnector> {
    const connector = new TakingConnector();
    await new Promise<void>((resolve) => connector.#server.listen(0, '127.0.0.1', resolve));
    return connector;
  }

  get serviceUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
