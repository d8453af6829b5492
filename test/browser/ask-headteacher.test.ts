import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium } from '../support/chromium.js';
import { type Dev, startDev } from '../support/dev.js';
import { Playground } from '../support/playground.js';

describe.skipIf(!hasChromium)('asking the Headteacher, in the Playground, in Chromium', () => {
  let dev: Dev;
  let browser: Browser;
  let playground: Playground;

  beforeAll(async () => {
    [dev, browser] = await Promise.all([startDev(), launchChromium()]);
    await dev.until('Ready.');
    playground = await Playground.open(browser, `http://127.0.0.1:${dev.port + 1}`, { width: 1280, height: 1100 });
  });
  afterAll(async () => {
    await browser?.close();
    dev.signal('SIGINT');
    await dev.ended;
    await dev.cleanUp();
  });

  it('what the policy leaves open is edited, sent, answered in the channel, told, and found by the next', async () => {
    await playground.card('Ask the policy a question');
    await playground.say('how do i book a day off for my sisters wedding');
    const open = await playground.card('The policy does not say');
    await open.getByRole('button', { name: 'Ask the Headteacher' }).click();
    const form = await playground.card('Send without my name');
    const box = form.getByRole('textbox', { name: 'Your question' });
    expect(await box.inputValue()).toBe('how do i book a day off for my sisters wedding');
    await box.fill('How do I book a day off for a family wedding?');
    await form.getByRole('radio', { name: 'Send without my name' }).check();
    await playground.screenshot('headteacher-form');
    await form.getByRole('button', { name: 'Send', exact: true }).click();
    const sent = await playground.card('Sent to the Headteacher');
    expect(await sent.innerText()).toMatch(/Q-[0-9A-Z]{8}/u);
    await playground.screenshot('headteacher-sent');

    await playground.goTo('Example Primary School - Headteacher');
    const enquiry = await playground.card('A question for the Headteacher');
    expect(await enquiry.innerText()).toContain('How do I book a day off for a family wedding?');
    expect(await enquiry.innerText()).toContain('A member of staff asked');
    await playground.screenshot('headteacher-channel');
    await enquiry.getByRole('button', { name: 'Send answer' }).click();
    await playground.card('Please type your answer');
    const again = await playground.card('A question for the Headteacher');
    await again
      .getByRole('textbox', { name: 'Your answer' })
      .fill('Ask the office for the form.\nTwo weeks before, please.');
    await again.getByRole('checkbox').check();
    await playground.screenshot('headteacher-answering');
    await again.getByRole('button', { name: 'Send answer' }).click();
    await playground.card('Alex Morgan answered on');
    await playground.screenshot('headteacher-answered');

    await playground.goTo('Personal Chat');
    const answer = await playground.card('The Headteacher’s answer');
    expect(await answer.innerText()).toContain('Two weeks before, please.');
    await playground.screenshot('headteacher-answer');
    await playground.say('can i book a day off for a family wedding');
    const kept = await playground.card('Answered by the Headteacher on');
    expect(await kept.innerText()).toContain('The policy does not say');
    await playground.screenshot('headteacher-kept');
  });
});
