import { readFile } from 'node:fs/promises';
import type { Browser, Download, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { azuriteConnection } from '../../src/cli/dev/azurite.js';
import { readSchool } from '../../src/storage/school-folder.js';
import { letAutumnGoBy } from '../support/autumn-summary.js';
import { hasChromium, launchChromium } from '../support/chromium.js';
import { type Dev, startDev } from '../support/dev.js';
import { Playground } from '../support/playground.js';
import { ROOT } from '../support/processes.js';

const TITLE = 'Summary for governors: Autumn 2026, first half';

describe.skipIf(!hasChromium)('the governors’ summary, in the Playground, in Chromium', () => {
  let dev: Dev;
  let browser: Browser;
  let playground: Playground;

  beforeAll(async () => {
    [dev, browser] = await Promise.all([startDev(), launchChromium()]);
    await dev.until('Ready.');
    playground = await Playground.open(browser, `http://127.0.0.1:${dev.port + 1}`, { width: 1280, height: 1500 });
    await playground.card('Ask the policy a question');
    await playground.goTo('Governors');
    await letAutumnGoBy(azuriteConnection(dev.port + 2), await readSchool(`${ROOT}/schools`, 'example-primary'));
  });
  afterAll(async () => {
    await browser?.close();
    dev.signal('SIGINT');
    await dev.ended;
    await dev.cleanUp();
  });

  it('comes into the governors’ chat as a card with its figures, which name nobody', async () => {
    const card = await playground.card(TITLE);
    const shown = await card.innerText();
    expect(shown).toMatch(/Reports\s+22/u);
    expect(shown).toMatch(/Online bullying\s+9/u);
    expect(shown).toMatch(/A disparaging post\s+8/u);
    for (const word of ['Alex', 'Helen', 'PD-', 'cannot teach']) expect(shown).not.toContain(word);
    await playground.screenshot('summary-1-card');
  });

  it('opens what is folded away', async () => {
    const card = await playground.card(TITLE);
    await card.getByText('How small figures are hidden').click();
    await card.getByText('So that nobody can be recognised').waitFor();
    await playground.screenshot('summary-2-open');
  });

  it('gives a link whose page hands over the PDF and the CSV', async () => {
    await (await playground.card(TITLE)).getByRole('button', { name: 'Get the PDF and CSV', exact: true }).click();
    const link = await playground.card(/PDF.*minutes|minutes.*PDF/su);
    await playground.screenshot('summary-3-link');
    const page = await followed(playground.page, link.getByRole('button').or(link.getByRole('link')).first());
    await page.screenshot({ path: playground.pathOf('summary-4-page') });
    const pdf = await downloaded(page, /PDF/u);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(await textOf(pdf)).toContain('Autumn 2026, first half');
    const csv = (await downloaded(page, /CSV/u)).toString('utf8');
    expect(csv).toContain('Online bullying');
    await page.close();
  });
});

async function followed(from: Page, button: Locator): Promise<Page> {
  const opened = from.context().waitForEvent('page');
  await button.click();
  const page = await opened;
  await page.waitForLoadState();
  return page;
}

async function downloaded(page: Page, name: RegExp): Promise<Buffer> {
  const [download]: [Download, unknown] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name }).click(),
  ]);
  return readFile(await download.path());
}

/** What the words of a PDF are, by pdfjs. */
async function textOf(bytes: Buffer): Promise<string> {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const document = await getDocument({ data: new Uint8Array(bytes) }).promise;
  const page = await document.getPage(1);
  const { items } = await page.getTextContent();
  return items.map((item) => ('str' in item ? item.str : '')).join(' ');
}
