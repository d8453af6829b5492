import type { Browser, Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium } from '../support/chromium.js';
import { type Dev, startDev } from '../support/dev.js';
import { Playground } from '../support/playground.js';

const CHANNEL = 'Example Primary School - Headteacher';
const WORDS = 'a dad has posted a mean meme about our school trip on facebook';
const QUESTION = 'Which group is it in, and who else has seen it?';
const ANSWER = 'The Year 6 leavers’ group. About twenty parents have seen it.';

/** One person plays every part here: Alex Morgan reports, and may deal with reports. */
describe.skipIf(!hasChromium)('dealing with a report, in the Playground, in Chromium', () => {
  let dev: Dev;
  let browser: Browser;
  let playground: Playground;
  let reference = '';

  beforeAll(async () => {
    [dev, browser] = await Promise.all([startDev(), launchChromium()]);
    await dev.until('Ready.');
    playground = await Playground.open(browser, `http://127.0.0.1:${dev.port + 1}`, { width: 1280, height: 1500 });
    await playground.card('Ask the policy a question');
  });
  afterAll(async () => {
    await browser?.close();
    dev.signal('SIGINT');
    await dev.ended;
    await dev.cleanUp();
  });

  const press = (card: Locator, title: string) => playground.press(card, title);
  const choose = async (card: Locator, label: string, option: string): Promise<void> => {
    await card.getByRole('combobox', { name: label }).click();
    await playground.page.getByRole('option', { name: option, exact: true }).click();
  };
  /** The card of the case that holds all of it; it is drawn anew whenever something happens. */
  const whole = (text: string | RegExp = 'Case log') =>
    playground.card(new RegExp(`${reference}.*Reported by.*${typeof text === 'string' ? text : text.source}`, 'su'));
  const inChannel = async (text: string) => {
    await playground.goTo(CHANNEL);
    const card = await playground.card(new RegExp(`${text}.*${reference}|${reference}.*${text}`, 'su'));
    const shown = await card.innerText();
    for (const word of ['meme', 'trip', 'facebook', 'leavers', 'Dad']) expect(shown).not.toContain(word);
    return card;
  };
  /** Opens what a button leads to. */
  const followed = async (button: Locator): Promise<Page> => {
    const opened = playground.page.context().waitForEvent('page');
    await button.click();
    const page = await opened;
    await page.waitForLoadState();
    return page;
  };
  const called = (card: Locator, name: string) =>
    card.getByRole('button', { name, exact: true }).or(card.getByRole('link', { name, exact: true }));

  it('a report with a screenshot comes into the channel, and is acknowledged there', async () => {
    await playground.say(WORDS);
    const what = await playground.card('Card 1 of 5');
    await what.getByRole('checkbox', { name: 'None of these' }).check();
    await choose(what, 'Who posted it or did it?', 'A parent or carer');
    await choose(what, 'Whom or what is it about?', 'The school');
    await press(what, 'Next');
    await press(await playground.card('Card 2 of 5'), 'Next');
    await press(await playground.card('Card 3 of 5'), 'Next');
    const page = await followed(called(await playground.card('Card 4 of 5'), 'Add screenshots'));
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles([await screenshot('one.png')]);
    await page.getByText('Your report has 1 file.', { exact: true }).waitFor();
    await page.close();
    await playground.card('Received: 1');
    await press(await playground.card('Card 4 of 5'), 'Next');
    const wishes = await playground.card('Card 5 of 5');
    await wishes.getByRole('radio', { name: /^Everyone who deals/u }).check();
    await press(wishes, 'Send the report');
    const receipt = await (await playground.card('Your report is sent')).innerText();
    reference = /PD-[0-9A-Z]{8}/u.exec(receipt)?.[0] ?? 'no reference';

    await press(await inChannel('A new report'), 'Acknowledge');
    await inChannel('Acknowledged by Alex Morgan');
    await playground.screenshot('triage-1-acknowledged');
    await press(await inChannel('Acknowledged by Alex Morgan'), 'Open');
    await inChannel('Sent to your own chat');
    await playground.screenshot('triage-2-opened');
  });

  it('all of it stands in the own chat, and the reporter is told', async () => {
    await playground.goTo('Personal Chat');
    const read = await (await whole()).innerText();
    expect(read).toContain(WORDS);
    expect(read).toContain('SHA-256');
    expect(read).toContain('Social Media Policy · version 3.1');
    expect(read).toContain('Ask the parent to take the post down.');
    await playground.screenshot('triage-3-whole');
    await playground.card(new RegExp(`${reference}.*Alex Morgan`, 'su'));
  });

  it('a question goes to the reporter, and the answer comes back into the case', async () => {
    await press(await whole(), 'Ask the reporter');
    const form = await playground.card('The reporter sees your question as you type it');
    await form.getByRole('textbox').fill(QUESTION);
    await playground.screenshot('triage-4-asking');
    await press(form, 'Ask');
    const asked = await playground.card(`A question on your report ${reference}`);
    expect(await asked.innerText()).toContain(QUESTION);
    await asked.getByRole('textbox', { name: 'Your answer' }).fill(ANSWER);
    await playground.screenshot('triage-5-answering');
    await press(asked, 'Answer');
    expect(await (await whole('Year 6 leavers')).innerText()).toContain(ANSWER);
    await playground.screenshot('triage-6-answered');
    await inChannel('answered');
    await playground.goTo('Personal Chat');
  });

  it('evidence opens on a page of its own, and the look is in the case log', async () => {
    const entries = /Case log \((?<count>\d+) entries\)/u.exec(await (await whole()).innerText())?.groups?.count;
    const page = await followed(called(await whole(), 'Open file 1'));
    await page.screenshot({ path: playground.pathOf('triage-7-link') });
    expect(await page.innerText('main')).toContain('Alex Morgan');
    await page.getByRole('button', { name: 'Show the picture' }).click();
    const picture = page.getByRole('img', { name: /evidence/iu }).first();
    await picture.waitFor();
    await page.waitForFunction(
      '[...document.images].every(({ complete, naturalWidth }) => complete && naturalWidth > 0)',
    );
    await page.screenshot({ path: playground.pathOf('triage-8-evidence'), fullPage: true });
    await page.close();
    await press(await whole(), 'New links');
    // Folded out before the card is drawn anew, the log would be folded away again.
    const log = await whole(`Case log \\(${Number(entries) + 1} entries\\)`);
    await log.getByRole('button', { name: /^Case log/u }).click();
    await playground.card('Alex Morgan looked at evidence 1');
    await playground.screenshot('triage-9-log');
  });

  it('its removal is recorded, it is closed with a word to the reporter, and the channel shows every step', async () => {
    await (await whole()).getByRole('button', { name: 'More…', exact: true }).click();
    await press(await whole(), 'Post removed or refused');
    const post = await playground.card('What became of the post');
    await post.getByRole('radio', { name: 'Removed', exact: true }).check();
    await playground.screenshot('triage-10-removal');
    await press(post, 'Record');
    await whole('The post.*Removed');

    await press(await whole(), 'Close');
    const closing = await playground.card('The reporter is sent your message as you type it');
    await closing.getByRole('radio', { name: 'Resolved', exact: true }).check();
    await closing.getByRole('textbox').fill('The father has taken it down. Thank you for telling us.');
    await playground.screenshot('triage-11-closing');
    await press(closing, 'Close the case');
    const told = await playground.card(/has been closed/u);
    expect(await told.innerText()).toContain('The father has taken it down.');
    await playground.screenshot('triage-12-closed');
    await playground.card(new RegExp(`${reference}.*Closed by Alex Morgan.*Reported by`, 'su'));
    await inChannel('Closed: Resolved');
    await playground.screenshot('triage-13-channel');
  });

  it('what is open is listed on demand', async () => {
    await playground.goTo('Personal Chat');
    await playground.say('open cases');
    await playground.card('No case is open');
    await playground.say(reference);
    await playground.card(`Case ${reference}`);
    await playground.screenshot('triage-14-lists');
  });
});

async function screenshot(name: string) {
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="500"><rect width="100%" height="100%" fill="#eef"/><text x="40" y="120" font-size="40">A mean meme</text></svg>`;
  return { name, mimeType: 'image/png', buffer: await sharp(Buffer.from(drawing)).png().toBuffer() };
}
