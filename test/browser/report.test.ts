import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium } from '../support/chromium.js';
import { type Dev, startDev } from '../support/dev.js';
import { Playground } from '../support/playground.js';
import { ROOT } from '../support/processes.js';

const WORDS = 'a mum is slagging the school off on facebook, she says we are useless';
const CHANNEL = 'Example Primary School - Headteacher';

describe.skipIf(!hasChromium)('reporting, in the Playground, in Chromium', () => {
  let dev: Dev;
  let browser: Browser;
  let playground: Playground;

  beforeAll(async () => {
    [dev, browser] = await Promise.all([startDev(), launchChromium()]);
    await dev.until('Ready.');
    playground = await Playground.open(browser, `http://127.0.0.1:${dev.port + 1}`, { width: 1280, height: 1300 });
    await playground.card('Ask the policy a question');
  });
  afterAll(async () => {
    await browser?.close();
    dev.signal('SIGINT');
    await dev.ended;
    await dev.cleanUp();
  });

  const choose = async (card: Locator, label: string, option: string): Promise<void> => {
    await card.getByRole('combobox', { name: label }).click();
    await playground.page.getByRole('option', { name: option, exact: true }).click();
  };
  const next = (card: Locator, title = 'Next') => playground.press(card, title);
  const reported = () => playground.page.locator('.ac-adaptiveCard').filter({ hasText: 'Urgency' });

  it('a post is reported in five cards, with two screenshots, and the channel shows not a word of it', async () => {
    await playground.say(WORDS);
    const what = await playground.card('Card 1 of 5');
    await playground.screenshot('report-1-what');
    await what.getByRole('checkbox', { name: 'None of these' }).check();
    await choose(what, 'Who posted it or did it?', 'A parent or carer');
    await choose(what, 'Whom or what is it about?', 'The school');
    await next(what);

    const where = await playground.card('Card 2 of 5');
    await choose(where, 'Where was it?', 'Facebook');
    await where.getByRole('textbox', { name: 'Link, group or place' }).fill('The Year 4 parents’ group');
    await playground.screenshot('report-2-where');
    await next(where);

    const words = await playground.card('Card 3 of 5');
    expect(await words.getByRole('textbox', { name: 'What does it say' }).inputValue()).toBe(WORDS);
    await playground.screenshot('report-3-words');
    await next(words);

    const evidence = await playground.card('Card 4 of 5');
    expect(await evidence.innerText()).toContain('No files yet');
    await uploadTwo(evidence);
    await playground.card('Received: 2');
    await playground.screenshot('report-4-evidence');
    await next(await playground.card('Card 4 of 5'));

    const wishes = await playground.card('Card 5 of 5');
    await wishes.getByRole('radio', { name: 'Only the Headteacher' }).check();
    await playground.screenshot('report-5-wishes');
    await next(wishes, 'Send the report');
    const receipt = await (await playground.card('Your report is sent')).innerText();
    await playground.screenshot('report-6-receipt');
    const reference = /PD-[0-9A-Z]{8}/u.exec(receipt)?.[0] ?? 'no reference';
    expect(receipt).toContain('Only the Headteacher sees your name.');

    await playground.goTo(CHANNEL);
    const card = await playground.card(reference);
    await playground.screenshot('report-7-channel');
    const posted = await card.innerText();
    expect(posted).toContain('2 files');
    for (const word of ['useless', 'facebook', 'mum', 'Alex', 'Morgan', 'Year 4'])
      expect(posted.toLowerCase()).not.toContain(word.toLowerCase());
    await playground.goTo('Personal Chat');
  });

  it('a report about the Headteacher shows nothing in the channel (Keeping Children Safe in Education, part four)', async () => {
    await playground.goTo(CHANNEL);
    await playground.card('Urgency');
    const before = await reported().count();
    await playground.goTo('Personal Chat');
    await playground.say('report');
    const what = await playground.card('Card 1 of 5');
    await what.getByRole('checkbox', { name: 'None of these' }).check();
    await choose(what, 'What has happened?', 'A disparaging post');
    await choose(what, 'Who posted it or did it?', 'The Headteacher');
    await choose(what, 'Whom or what is it about?', 'A colleague');
    await next(what);
    const where = await playground.card('Card 2 of 5');
    expect(await where.innerText()).toContain('Ruth Castellan (chair of governors)');
    await next(where);
    const words = await playground.card('Card 3 of 5');
    await words.getByRole('textbox', { name: 'What does it say' }).fill('The head mocked a colleague in a comment.');
    await next(words);
    const evidence = await playground.card('Card 4 of 5');
    await evidence.getByRole('checkbox').check();
    await next(evidence);
    const wishes = await playground.card('Card 5 of 5');
    await wishes.getByRole('radio', { name: 'Only Ruth Castellan' }).check();
    await next(wishes, 'Send the report');
    await playground.card(/Your report is sent.*nothing of it appears in the Headteacher’s channel/su);
    await playground.screenshot('report-about-headteacher');
    await playground.goTo(CHANNEL);
    await playground.card('Urgency');
    expect(await reported().count()).toBe(before);
    await playground.goTo('Personal Chat');
  });

  it('an indecent image gets the advice at once and no place for a file (morley-victoria)', async () => {
    await playground.say('report');
    const what = await playground.card('Card 1 of 5');
    await what.getByRole('checkbox', { name: 'There is an indecent image of a child' }).check();
    await next(what);
    const told = await playground.card('Don’t view, copy, share, save or send the image');
    await playground.screenshot('report-indecent-image');
    const text = await told.innerText();
    expect(text).toContain('call the police');
    expect(text).toContain('01632 960 102');
    expect(text).not.toContain('upload page');
    await told.getByRole('textbox', { name: 'What does it say' }).fill('A pupil showed me that a picture goes round.');
    await told.getByRole('textbox', { name: 'Who has been told' }).fill('The safeguarding lead, in person, just now');
    await told.getByRole('radio', { name: 'No', exact: true }).check();
    await next(told, 'Send at once');
    const receipt = await playground.card('speak to one of them in person or by telephone now');
    expect(await receipt.innerText()).toMatch(/PD-[0-9A-Z]{8}/u);
    await playground.screenshot('report-child-safety-receipt');
  });

  it('every case log and every file is sound afterwards', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', join(ROOT, 'src', 'cli', 'verify.ts'), '--storage-port', String(dev.port + 2)],
      { cwd: ROOT },
    );
    expect(stdout).toContain('3 cases');
    expect(stdout).toContain('2 pieces of evidence: sound');
  });

  /** Opens the upload page in a second tab, and drops two real screenshots of this very chat on it. */
  async function uploadTwo(evidence: Locator): Promise<void> {
    const pictures = [playground.pathOf('report-evidence-1'), playground.pathOf('report-evidence-2')] as const;
    await playground.page.screenshot({ path: pictures[0] });
    await playground.page.screenshot({ path: pictures[1], clip: { x: 0, y: 0, width: 600, height: 400 } });
    const opened = playground.page.context().waitForEvent('page');
    await evidence
      .getByRole('button', { name: 'Add screenshots' })
      .or(evidence.getByRole('link', { name: 'Add screenshots' }))
      .click();
    const page = await opened;
    await page.getByRole('heading', { name: 'Add screenshots to your report' }).waitFor();
    await dropOn(page, pictures);
    await page.getByText('Your report has 2 files.', { exact: true }).waitFor();
    await page.screenshot({ path: playground.pathOf('report-upload-page'), fullPage: true });
    await page.close();
  }
});

/** Drops files on a page as a hand does. @param files paths. */
async function dropOn(page: Page, files: readonly string[]): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await devtools.send('Input.dispatchDragEvent', { type, x: 700, y: 300, data });
}
