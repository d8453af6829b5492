import type { Browser, Locator } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium } from '../support/chromium.js';
import { type Dev, startDev } from '../support/dev.js';
import { Playground } from '../support/playground.js';

const WORDS = 'a mum is slagging me off on facebook, she says i am useless';

/** A picture as a screenshot may be, with words in it. */
const screenshot = (words: string): Promise<Buffer> =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="500"><rect width="100%" height="100%" fill="#eef"/><text x="40" y="120" font-size="40">${words}</text></svg>`,
    ),
  )
    .png()
    .toBuffer();

const choose = async (card: Locator, label: string, option: string): Promise<void> => {
  await card.getByRole('combobox', { name: label }).selectOption({ label: option });
};

describe.skipIf(!hasChromium)('reporting, in the Playground, in Chromium', () => {
  let dev: Dev;
  let browser: Browser;
  let playground: Playground;

  beforeAll(async () => {
    [dev, browser] = await Promise.all([startDev(), launchChromium()]);
    await dev.until('Ready.');
    playground = await Playground.open(browser, `http://127.0.0.1:${dev.port + 1}`, { width: 1280, height: 1300 });
  });
  afterAll(async () => {
    await browser?.close();
    dev.signal('SIGINT');
    await dev.ended;
    await dev.cleanUp();
  });

  it('a post is reported in five cards, with two screenshots, and the channel shows not a word of it', async () => {
    await playground.card('Ask the policy a question');
    await playground.say(WORDS);
    const what = await playground.card('Card 1 of 5');
    await playground.screenshot('report-1-what');
    await what.getByRole('checkbox', { name: 'None of these' }).check();
    await choose(what, 'Who posted it or did it?', 'A parent or carer');
    await choose(what, 'Whom or what is it about?', 'Me');
    await what.getByRole('button', { name: 'Next' }).click();

    const where = await playground.card('Card 2 of 5');
    await choose(where, 'Where was it?', 'Facebook');
    await where.getByRole('textbox', { name: 'Link, group or place' }).fill('Year 4 parents');
    await playground.screenshot('report-2-where');
    await where.getByRole('button', { name: 'Next' }).click();

    const words = await playground.card('Card 3 of 5');
    expect(await words.getByRole('textbox', { name: 'What does it say' }).inputValue()).toBe(WORDS);
    await playground.screenshot('report-3-words');
    await words.getByRole('button', { name: 'Next' }).click();

    const evidence = await playground.card('Card 4 of 5');
    await playground.screenshot('report-4-evidence');
    expect(await evidence.innerText()).toContain('No files yet');
  });
});
