import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium } from '../support/chromium.js';
import { type Dev, startDev } from '../support/dev.js';
import { Playground } from '../support/playground.js';

describe.skipIf(!hasChromium)('in the Playground, in Chromium', () => {
  let dev: Dev;
  let browser: Browser;
  let address: string;
  let playground: Playground;

  beforeAll(async () => {
    [dev, browser] = await Promise.all([startDev(), launchChromium()]);
    await dev.until('Ready.');
    address = `http://127.0.0.1:${dev.port + 1}`;
  });
  afterAll(async () => {
    await browser?.close();
    dev.signal('SIGINT');
    await dev.ended;
    await dev.cleanUp();
  });
  afterEach(() => playground.page.context().close());

  it('a member of staff is welcomed, asks, sees the clause, and says that it helped', async () => {
    playground = await Playground.open(browser, address);
    expect(await (await playground.card('Ask the policy a question')).innerText()).toContain('Example Primary School');
    await playground.screenshot('welcome');

    await playground.say('can i add an ex pupil on insta?');
    const answer = await playground.card(/The policy says/u);
    expect(await answer.innerText()).toContain('until the former pupil is 18');
    expect(await answer.innerText()).toContain('Clause 5.2 › 5. Contact with pupils');
    expect(await answer.innerText()).toContain('Social Media Policy · version 3.1 · approved 21 Sep 2026');
    await playground.screenshot('answer');

    await answer.getByRole('button', { name: /^Show \d more clause/u }).click();
    await playground.screenshot('answer-unfolded');
    await answer.getByRole('button', { name: 'Yes' }).click();
    await playground.card('Glad it helped');
    await playground.screenshot('answer-rated');
  });

  it('an example on the welcome card can be pressed', async () => {
    playground = await Playground.open(browser, address);
    const welcome = await playground.card('Ask the policy a question');
    await welcome.getByRole('button', { name: 'Can I put the school logo on my own page?' }).click();
    expect(await (await playground.card('You asked:')).innerText()).toContain('Clause 4.9');
  });

  it('what is off the subject is not covered', async () => {
    playground = await Playground.open(browser, address);
    await playground.card('Ask the policy a question');
    await playground.say('how do i book a day off for my sisters wedding');
    const card = await playground.card(/The policy does not say/u);
    expect(await card.innerText()).toContain('Helen Achebe');
    await playground.screenshot('not-covered');
  });

  it('what has happened begins a report, with what to do first; a child at risk gets whom to call', async () => {
    playground = await Playground.open(browser, address);
    await playground.card('Ask the policy a question');
    await playground.say('a dad keeps sending me vile messages on facebook');
    expect(await (await playground.card('Card 1 of 5')).innerText()).toContain('Delete nothing');
    await playground.say('a girl in my class says a man she met on fortnite wants to meet her');
    const offer = await playground.card('You have a report that is not sent yet');
    expect(await offer.innerText()).toContain('call 999');
    await playground.screenshot('report-open-already');
    await offer.getByRole('button', { name: 'Discard it' }).click();
    await (await playground.card('Discard this report?')).getByRole('button', { name: 'Yes, discard it' }).click();
    await playground.card('Nothing was sent to anyone');
    await playground.say('a girl in my class says a man she met on fortnite wants to meet her');
    const safety = await playground.card('comes first: act now');
    expect(await safety.innerText()).toContain('call 999');
    await playground.screenshot('safety');
  });

  it('in a channel the bot answers when it is mentioned', async () => {
    playground = await Playground.open(browser, address);
    await playground.goTo('Example Primary School - Headteacher');
    await playground.postWithMention('Policy Desk', 'when must we reply to a comment or complaint?');
    const card = await playground.card(/The policy says/u);
    expect(await card.innerText()).toContain('within 24 hours');
    await playground.screenshot('channel');
  });

  it('the governors’ chat is there', async () => {
    playground = await Playground.open(browser, address);
    await playground.goTo('Governors');
    await playground.screenshot('governors');
  });
});
