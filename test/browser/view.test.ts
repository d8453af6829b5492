import { mkdirSync, readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium } from '../support/chromium.js';
import { someEvidence } from '../support/reports.js';
import { aKeptPdf, type KeptFile, startViewing, type Viewings } from '../support/viewing.js';

const SCREENSHOTS = '.local/screenshots';
const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
  deviceScaleFactor: 2,
};
const WHERE = 'Facebook, Friends of the school, https://www.facebook.com/groups/1234567890/posts/9876543210987654321/';

describe.skipIf(!hasChromium)('the viewing page, in Chromium', () => {
  let browser: Browser;
  let viewing: Viewings;
  let page: Page;
  let files: readonly KeptFile[];
  /** What went wrong in the page: errors on its console, and what its policy blocked. */
  const trouble: string[] = [];

  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    browser = await launchChromium();
    const screenshot = await post(1080, 1600);
    files = [
      {
        evidence: someEvidence(screenshot, screenshot, {
          viewing: { type: 'image/png', sha256: someEvidence(screenshot).sha256 },
          seenWhere: WHERE,
        }),
        original: screenshot,
        viewing: screenshot,
      },
      aKeptPdf(),
    ];
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    trouble.length = 0;
    viewing = await startViewing({ files });
  });
  afterEach(async () => {
    await page.context().close();
    await viewing.server.stop();
  });

  /** A screenshot of a post on a phone. */
  async function post(width: number, height: number): Promise<Buffer<ArrayBuffer>> {
    const screen = await browser.newPage({ viewport: { width, height } });
    await screen.setContent(`<body style="font:44px sans-serif;margin:60px"><b>Friends of the school</b>
      <p style="color:#666;font-size:34px">19 November at 21:05</p><p>This school is a joke!!</p>
      <div style="background:#3b5998;opacity:.3;height:700px"></div><p>14 comments</p></body>`);
    const picture = Buffer.from(await screen.screenshot());
    await screen.close();
    return picture;
  }

  async function open(address: string, options: BrowserContextOptions): Promise<void> {
    const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/London', ...options });
    page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') trouble.push(message.text());
    });
    page.on('pageerror', (error) => trouble.push(error.message));
    page.on('requestfailed', (request) => trouble.push(`${request.method()} ${request.failure()?.errorText}`));
    await page.goto(address);
  }
  /** The whole page as a picture; a screenshot of a full page would show a phone's page as a desktop has it. */
  async function picture(name: string): Promise<void> {
    const { width, height } = page.viewportSize() ?? { width: 1280, height: 800 };
    const whole = Number(await page.evaluate('document.documentElement.scrollHeight'));
    await page.setViewportSize({ width, height: Math.max(height, whole) });
    await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
    await page.setViewportSize({ width, height });
  }
  const shown = async () => {
    await page.getByRole('button', { name: 'Show the picture' }).click();
    await page.getByRole('status').filter({ hasText: '%' }).waitFor();
  };
  const zoomed = () => page.getByRole('group', { name: 'Zoom' }).getByRole('status').innerText();
  const looks = async () =>
    (await viewing.happened()).map((what) => (what.kind === 'evidence_viewed' ? what.what : what.kind));
  const stage = () => page.getByRole('region', { name: /^The picture\. The arrow keys/u });
  const scrolled = () => stage().evaluate(({ scrollLeft, scrollTop }) => [scrollLeft, scrollTop]);

  it('shows the picture on a press, zooms by key and by button, and notes the look once', async () => {
    await open(await viewing.link(), DESKTOP);
    await picture('view-desktop-offer');
    expect(await looks()).toEqual([]);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Show the picture');
    await page.keyboard.press('Enter');
    await page.getByText('Fri 20 Nov 2026, 15:40').waitFor();
    await page.getByRole('status').filter({ hasText: '%' }).waitFor();
    await picture('view-desktop');
    // A picture of the whole page makes the window higher for a moment, and what is shown grows with it.
    await expect.poll(async () => Number.parseInt(await zoomed(), 10)).toBeLessThan(50);
    const whole = await zoomed();
    await page.keyboard.press('1');
    expect(await zoomed()).toBe('100%');
    await page.keyboard.press('+');
    expect(await zoomed()).toBe('150%');
    for (let times = 0; times < 10; times += 1) await page.keyboard.press('+');
    expect(await zoomed()).toBe('400%');
    await page.keyboard.press('1');
    await stage().focus();
    const before = await scrolled();
    await page.keyboard.press('ArrowDown');
    await expect.poll(scrolled).not.toEqual(before);
    await picture('view-desktop-natural');
    await page.getByRole('button', { name: 'Zoom out' }).click();
    expect(await zoomed()).toBe('67%');
    await page.keyboard.press('0');
    expect(await zoomed()).toBe(whole);
    await page.keyboard.press('-');
    expect(await zoomed()).toBe(whole);
    expect(await looks()).toEqual(['viewing_copy']);
    expect(trouble).toEqual([]);
  });

  it('lets a large picture be moved by mouse', async () => {
    await open(await viewing.link(), DESKTOP);
    await shown();
    await page.getByRole('button', { name: 'Natural size' }).click();
    const box = await stage().boundingBox();
    const before = await scrolled();
    await page.mouse.move((box?.x ?? 0) + 300, (box?.y ?? 0) + 300);
    await page.mouse.down();
    await page.mouse.move((box?.x ?? 0) + 250, (box?.y ?? 0) + 200, { steps: 5 });
    await page.mouse.up();
    const after = await scrolled();
    expect(after[1]).toBeGreaterThan(before[1] ?? 0);
    await page.mouse.move((box?.x ?? 0) + 400, (box?.y ?? 0) + 400, { steps: 5 });
    expect(await scrolled()).toEqual(after);
    expect(trouble).toEqual([]);
  });

  it('saves the original as it was received, and notes that too', async () => {
    await open(await viewing.link(), DESKTOP);
    await shown();
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the original' }).click();
    const download = await saving;
    expect(download.suggestedFilename()).toBe(`${viewing.report.reference}-evidence-1.png`);
    expect(readFileSync(await download.path()).equals(files[0]?.original ?? Buffer.alloc(0))).toBe(true);
    expect(await looks()).toEqual(['viewing_copy', 'original']);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('Evidence 1 of PD-');
    // A download ends the navigation that asked for it, which is no fault.
    expect(trouble.filter((line) => !line.includes('net::ERR_ABORTED'))).toEqual([]);
  });

  it('fits a phone in the dark, and has room for thumbs', async () => {
    await open(await viewing.link(), { ...PHONE, colorScheme: 'dark' });
    await picture('view-phone-offer');
    await shown();
    await picture('view-phone');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    for (const button of await page.getByRole('button').all())
      expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await page.getByRole('button', { name: 'Zoom in' }).tap();
    await page.getByRole('button', { name: 'Zoom in' }).tap();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await picture('view-phone-zoomed');
    // Pinching is the browser's own, and nothing forbids it.
    expect(await page.locator('meta[name=viewport]').getAttribute('content')).toBe(
      'width=device-width, initial-scale=1',
    );
    expect(trouble).toEqual([]);
  });

  it('shows the picture in full without script, and at its natural size in a tab of its own', async () => {
    await open(await viewing.link(), { ...PHONE, javaScriptEnabled: false });
    await page.getByRole('button', { name: 'Show the picture' }).click();
    const image = page.getByRole('img', { name: /^Evidence 1 of/u });
    // The picture comes after its page.
    await expect.poll(async () => (await image.boundingBox())?.width).toBeGreaterThan(300);
    expect(await page.getByRole('group', { name: 'Zoom' }).count()).toBe(0);
    await picture('view-phone-no-script');
    const opening = page.context().waitForEvent('page');
    await page.getByRole('link', { name: 'Open at its natural size in a new tab' }).click();
    const tab = await opening;
    await tab.waitForLoadState();
    expect((await tab.title()).length).toBeGreaterThan(0);
    expect(await looks()).toEqual(['viewing_copy']);
    expect(trouble).toEqual([]);
  });

  it('says that a PDF has no picture', async () => {
    await open(await viewing.link(1), DESKTOP);
    await page.getByRole('button', { name: 'Show what is known of it' }).click();
    await page.getByText('of a PDF there is no picture').waitFor();
    await picture('view-desktop-pdf');
    expect(trouble).toEqual([]);
  });

  it('takes the picture away when the link has run out', async () => {
    await open(await viewing.link(), DESKTOP);
    // As if the last two seconds of the link had come.
    await page.route('**/view/*', async (route) => {
      const response = await route.fetch();
      const body = await response.text();
      await route.fulfill({ response, body: body.replace(/(http-equiv="refresh" content=")\d+;/u, '$12;') });
    });
    await page.getByRole('button', { name: 'Show the picture' }).click();
    await page.getByText('Fri 20 Nov 2026, 15:40').waitFor();
    viewing.later(10);
    await page.getByText('This link has run out, or opens nothing.').waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    await picture('view-run-out');
  });

  it('hands over all of a case as one file', async () => {
    await open(await viewing.exportLink(), { ...PHONE, colorScheme: 'light' });
    await picture('view-phone-export');
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download everything' }).tap();
    expect((await saving).suggestedFilename()).toBe(`${viewing.report.reference}.zip`);
    expect(await looks()).toEqual(['exported']);
  });
});
