import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium } from '../support/chromium.js';
import { aPicture } from '../support/pictures.js';
import { startUploads, type Uploads } from '../support/uploads.js';

const SCREENSHOTS = '.local/screenshots';
const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
  deviceScaleFactor: 2,
};

describe.skipIf(!hasChromium)('the upload page, in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'policy-desk-upload-'));
  const file = (name: string) => join(folder, name);
  let browser: Browser;
  let uploads: Uploads;
  let page: Page;
  let devtools: CDPSession;
  /** What went wrong in the page: errors on its console, and what its policy blocked. */
  const trouble: string[] = [];

  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    browser = await launchChromium();
    writeFileSync(file('Screenshot 2026-11-19.png'), await post('This school is a joke!!', '#3b5998'));
    writeFileSync(file('comments.png'), await post('And the head is worse', '#b5651d'));
    writeFileSync(file('IMG_2041.png'), await aPicture(1, 1100, 900).png().toBuffer());
    writeFileSync(file('drawing.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    writeFileSync(file('film.png'), Buffer.alloc(10 * 1024 * 1024 + 1));
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    trouble.length = 0;
    uploads = await startUploads();
  });
  afterEach(async () => {
    await page.context().close();
    await uploads.server.stop();
  });

  /** A screenshot of a post. */
  async function post(words: string, colour: string): Promise<Buffer> {
    const screen = await browser.newPage({ viewport: { width: 720, height: 480 } });
    await screen.setContent(`<body style="font:26px sans-serif;margin:40px"><b>Local Parents</b>
      <p style="color:#666;font-size:20px">19 November at 15:42</p><p>${words}</p>
      <div style="background:${colour};opacity:.3;height:200px"></div>`);
    const picture = await screen.screenshot();
    await screen.close();
    return picture;
  }

  async function open(options: BrowserContextOptions): Promise<void> {
    const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/London', ...options });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    page = await context.newPage();
    devtools = await context.newCDPSession(page);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') trouble.push(message.text());
    });
    page.on('pageerror', (error) => trouble.push(error.message));
    page.on('requestfailed', (request) => trouble.push(`${request.method()} ${request.failure()?.errorText}`));
    await page.goto(uploads.page);
  }
  /** The whole page as a picture; a screenshot of a full page would show a phone's page as a desktop has it. */
  async function picture(name: string): Promise<void> {
    const { width, height } = page.viewportSize() ?? { width: 1280, height: 800 };
    const whole = Number(await page.evaluate('document.documentElement.scrollHeight'));
    await page.setViewportSize({ width, height: Math.max(height, whole) });
    await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
    await page.setViewportSize({ width, height });
  }
  const row = (name: string) => page.getByRole('listitem').filter({ hasText: name });
  const choose = (...names: string[]) => page.getByLabel('Choose files').setInputFiles(names.map(file));
  const added = (name: string) => row(name).getByText('Added', { exact: true }).waitFor();

  async function paste(bytes: Buffer): Promise<void> {
    const picture = `new Blob([new Uint8Array(${JSON.stringify([...bytes])})], { type: 'image/png' })`;
    await page.evaluate(`navigator.clipboard.write([new ClipboardItem({ 'image/png': ${picture} })])`);
    await page.keyboard.press('Control+V');
  }

  async function drop(name: string): Promise<void> {
    const data = { items: [], files: [file(name)], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await devtools.send('Input.dispatchDragEvent', { type, x: 700, y: 300, data });
      if (type === 'dragOver') await picture('upload-desktop-over');
    }
  }

  /** What the page lets through slowly, so that its progress can be seen. */
  async function slowly(bytesPerSecond: number): Promise<void> {
    const network = { offline: false, latency: 5, downloadThroughput: -1, uploadThroughput: bytesPerSecond };
    await devtools.send('Network.emulateNetworkConditions', network);
  }

  it('takes files that are chosen, pasted and dropped, shows how far each is, and saves what they show', async () => {
    await open(DESKTOP);
    await page.getByText(/This page works until \d\d:\d\d\./u).waitFor();
    await picture('upload-desktop');
    await slowly(1_000_000);
    await choose('IMG_2041.png', 'comments.png', 'drawing.svg', 'film.png');
    await row('IMG_2041.png')
      .getByText(/Sending, [1-9]\d?%/u)
      .waitFor();
    expect(await row('IMG_2041.png').getByRole('progressbar').getAttribute('aria-label')).toBe('Sending IMG_2041.png');
    await picture('upload-desktop-sending');
    await slowly(-1);
    await added('IMG_2041.png');
    await added('comments.png');
    await row('drawing.svg').getByText('SVG drawing').waitFor();
    await row('film.png').getByText('larger than 10 MB').waitFor();

    await paste(await post('Pasted', '#228844'));
    await added('Pasted picture');
    await drop('Screenshot 2026-11-19.png');
    await added('Screenshot 2026-11-19.png');
    await choose('comments.png');
    await page.getByText('There already, so not added twice').waitFor();
    await page.getByText('Your report has 4 files. When you have finished, go back to Teams').waitFor();

    const fields = row('Screenshot 2026-11-19.png').getByRole('group', { name: 'When and where does it show this?' });
    await fields.getByLabel('Time').fill('15:42');
    await fields.getByText('Please add the date').waitFor();
    await fields.getByLabel('Date').fill('2026-11-19');
    await fields.getByLabel('Place or account').fill('Facebook, Local Parents');
    await fields.getByText('✓ Saved').waitFor();
    await picture('upload-desktop-done');
    const seen = { seenOn: '2026-11-19', seenTime: '15:42', seenWhere: 'Facebook, Local Parents' };
    await expect.poll(async () => (await uploads.evidence()).at(-1)).toMatchObject(seen);
    expect(await page.locator('[data-live]').innerText()).toContain(
      'Screenshot 2026-11-19.png: added. Your report has 4 files.',
    );
    expect(trouble).toEqual([]);
  });

  it('works by keyboard alone', async () => {
    await open(DESKTOP);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).toBe('choose');
    await picture('upload-desktop-focus');
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('Space');
    await (await chooser).setFiles(file('comments.png'));
    await added('comments.png');
    await page.keyboard.press('Tab');
    // The same in the order of any country, and in 12 hours as in 24.
    await page.keyboard.type('11112026');
    await page.keyboard.press('Tab');
    const name = () => page.evaluate('document.activeElement.name');
    while ((await name()) === 'seenOn') await page.keyboard.press('Tab');
    expect(await name()).toBe('seenTime');
    await page.keyboard.type('1142A');
    while ((await name()) === 'seenTime') await page.keyboard.press('Tab');
    expect(await name()).toBe('seenWhere');
    await page.keyboard.type('TikTok');
    await page.getByText('✓ Saved').waitFor();
    const seen = { seenOn: '2026-11-11', seenTime: '11:42', seenWhere: 'TikTok' };
    await expect.poll(async () => (await uploads.evidence()).at(-1)).toMatchObject(seen);
    expect(trouble).toEqual([]);
  });

  it('fits a phone, offers its camera, and has room for thumbs', async () => {
    await open(PHONE);
    await picture('upload-phone');
    for (const label of ['Choose files', 'Take a photo']) {
      const box = await page.locator('label', { hasText: label }).boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(44);
    }
    expect(await page.getByLabel('Take a photo').getAttribute('capture')).toBe('environment');
    expect(await page.getByText('Drop screenshots here').isVisible()).toBe(false);
    await slowly(1_000_000);
    await choose('Screenshot 2026-11-19.png', 'IMG_2041.png', 'drawing.svg');
    await row('IMG_2041.png')
      .getByText(/Sending, [1-9]\d?%/u)
      .waitFor();
    await picture('upload-phone-sending');
    await slowly(-1);
    await added('Screenshot 2026-11-19.png');
    await added('IMG_2041.png');
    for (const input of await page.locator('.seen:visible input').all())
      expect((await input.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await picture('upload-phone-done');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(trouble).toEqual([]);
  });

  it('works without script, one file at a time', async () => {
    await open({ ...PHONE, javaScriptEnabled: false });
    await picture('upload-phone-no-script');
    await page.getByLabel('Screenshot', { exact: true }).setInputFiles(file('comments.png'));
    await page.getByLabel('Date').fill('2026-11-19');
    await page.getByLabel('Place or account').fill('Facebook');
    await page.getByRole('button', { name: 'Add this file' }).click();
    await page.getByText('Added. Your report has 1 file now.').waitFor();
    await picture('upload-phone-no-script-added');
    expect(await uploads.evidence()).toMatchObject([{ seenOn: '2026-11-19', seenTime: '', seenWhere: 'Facebook' }]);
    await page.getByLabel('Screenshot', { exact: true }).setInputFiles(file('Screenshot 2026-11-19.png'));
    await page.getByLabel('Time').fill('15:42');
    await page.getByRole('button', { name: 'Add this file' }).click();
    await page.getByText('Please add the date to the time').waitFor();
    await picture('upload-phone-no-script-again');
    await page.locator('form.again').getByLabel('Date').fill('2026-11-18');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    const seen = { seenOn: '2026-11-18', seenTime: '15:42', seenWhere: '' };
    expect((await uploads.evidence())[1]).toMatchObject(seen);
    expect(trouble).toEqual([]);
  });

  it('says so when the link has run out, in either way, and lets what did not arrive be tried again', async () => {
    await open({ ...DESKTOP, colorScheme: 'dark' });
    await page.context().setOffline(true);
    await choose('comments.png');
    await row('comments.png').getByText('It did not arrive.').waitFor();
    await page.context().setOffline(false);
    await row('comments.png').getByRole('button', { name: 'Try again: comments.png' }).click();
    await added('comments.png');
    await picture('upload-desktop-dark');
    uploads.later(31);
    await choose('Screenshot 2026-11-19.png');
    await page.locator('[data-problem]').getByText('This link has run out.').waitFor();
    expect(await page.getByLabel('Choose files').isVisible()).toBe(false);
    await picture('upload-desktop-run-out');
    await page.reload();
    expect(await page.getByRole('main').innerText()).toBe(
      'This link has run out. Go back to Teams and press “Add screenshots” for a new one.',
    );
    await picture('upload-stale');
  });
});
