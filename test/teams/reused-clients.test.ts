import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aMessage } from '../support/activities.js';
import { startBot, type TestBot } from '../support/bot.js';

/** The part of the channel's service that takes replies: it keeps the words of each. */
class Service {
  readonly texts: string[] = [];
  readonly server: Server = createServer(async (request, response) => {
    const { text } = JSON.parse(Buffer.concat(await request.toArray()).toString()) as { text?: string };
    if (text) this.texts.push(text);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"id":"1"}');
  });

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
}

describe('replies over the channel’s service', () => {
  const services = [new Service(), new Service()] as const;
  let bot: TestBot;
  beforeEach(async () => {
    for (const { server } of services) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    bot = await startBot({ schoolId: 'reused-clients' });
  });
  afterEach(async () => {
    await bot.stop();
    for (const { server } of services) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('go to the address that each message came from, however often it changes', async () => {
    const [one, other] = services;
    for (const [service, words] of [
      [one, 'hello'],
      [other, 'cheers'],
      [one, 'bye'],
    ] as const) {
      const { deliveryMode: _, ...activity } = aMessage(words, { serviceUrl: service.address });
      expect((await bot.send(activity)).status).toBe(200);
    }
    expect(one.texts).toEqual([expect.stringContaining('Hello'), expect.stringContaining('Goodbye')]);
    expect(other.texts).toEqual([expect.stringContaining('You are welcome')]);
  });
});
