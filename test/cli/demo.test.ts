import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPdf, unzipped } from '../export/reading.js';
import { hasChromium, launchChromium } from '../support/chromium.js';
import { type Running, run } from '../support/processes.js';

const SCENES = [
  '1. A question',
  '2. A question that the policy does not cover',
  '3. A report with two screenshots',
  '4. Dealing with it',
  '5. The governors’ summary',
];

const folder = mkdtempSync(join(tmpdir(), 'policy-desk-demo-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** In a process group of its own, as in a terminal. */
const demo = (): Running =>
  run(process.execPath, ['--import', 'tsx', 'src/cli/demo.ts', '--out', join(folder, 'out')], {}, true);

const processesOf = ({ child }: Running): string[] =>
  execFileSync('ps', ['-eo', 'pgid=,stat='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/u))
    .filter(([group, state]) => group === String(child.pid) && !state?.startsWith('Z'))
    .map(([group]) => group ?? '');

const leftIn = (): string[] => readdirSync(join(folder, 'out')).filter((name) => name.startsWith('demo-data'));

describe('npm run demo', () => {
  let printed = '';
  let code: unknown;
  const out = (name: string) => readFileSync(join(folder, 'out', name));

  beforeAll(async () => {
    const running = demo();
    code = await running.ended;
    printed = running.printed();
    expect(processesOf(running)).toEqual([]);
  });

  it('tells the whole story, ends with every chain sound, and leaves nothing behind', () => {
    expect({ code, printed }).toMatchObject({ code: 0 });
    const places = SCENES.map((title) => printed.indexOf(`━━ ${title} ━━`));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    const [, cases, evidence] =
      /checked: (\d+) cases, \d+ events, (\d+) pieces of evidence: sound/u.exec(printed) ?? [];
    expect([Number(cases), Number(evidence)]).toEqual([32, 21]);
    expect(printed).toMatch(/It took \d+ s\.$/mu);
    expect(leftIn()).toEqual([]);
  });

  it('says of each card who sees it and where, and shows each what is theirs alone', () => {
    const cards = printed.split(/^Seen by /mu).slice(1);
    const inChannel = cards.filter((card) => /^.*?in the Headteacher’s\s+channel/su.test(card.split('│')[0] ?? ''));
    expect(inChannel).toHaveLength(4);
    for (const card of inChannel.slice(1))
      expect(card.split('\n→')[0], card).not.toMatch(/useless|Facebook|Year 4|Larkin|Miss L/u);
    const [governors] = cards.filter((card) => card.startsWith('all governors'));
    expect(governors).toContain('Summary for governors');
    expect(governors).toContain('Not shown');
    expect(governors).not.toMatch(/PD-|Larkin/u);
    expect(cards.some((card) => card.includes('Clause 5.2'))).toBe(true);
    expect(cards.some((card) => card.includes('The policy does not say'))).toBe(true);
    expect(cards.some((card) => card.includes('Received: 2'))).toBe(true);
  });

  it('fits a window of 100 columns, without colours where they would be signs', () => {
    expect(printed.split('\n').filter((line) => [...line].length > 100)).toEqual([]);
    expect(printed).not.toContain('\u001b');
    expect(printed).not.toContain('${');
  });

  it('writes the summary as a PDF and the case as a ZIP', async () => {
    const { text } = await readPdf(out('demo-summary.pdf'));
    expect(text).toContain('Summary for governors');
    const files = await unzipped(out('demo-case.zip'));
    expect([...files.keys()].filter((name) => name.endsWith('.png'))).not.toEqual([]);
    expect(files.get('case.json')?.toString()).toContain('Miss L can’t even spell');
  });

  describe.skipIf(!hasChromium)('its page, in Chromium', () => {
    let browser: Browser | undefined;
    const asked: string[] = [];
    const faults: string[] = [];
    afterAll(() => browser?.close());

    async function open(options: BrowserContextOptions): Promise<Page> {
      browser ??= await launchChromium();
      const page = await (await browser.newContext(options)).newPage();
      page.on('request', (request) => asked.push(request.url()));
      page.on('console', (message) => faults.push(message.text()));
      page.on('pageerror', ({ message }) => faults.push(message));
      await page.goto(pathToFileURL(join(folder, 'out', 'demo.html')).href);
      return page;
    }

    it('draws every card, asks nothing of any network, and is read in order', async () => {
      const page = await open({ viewport: { width: 1280, height: 900 } });
      expect(await page.locator('h2').allInnerTexts()).toEqual([...SCENES, 'Afterwards']);
      const places = await page.locator('[data-card]').count();
      expect(places).toBe(printed.split(/^Seen by /mu).length - 1);
      expect(await page.locator('[data-card] > .ac-adaptiveCard').count()).toBe(places);
      expect(
        await page.locator('[data-card]').evaluateAll((all) => all.map((one) => one.clientHeight < 80)),
      ).not.toContain(true);
      const seen = await page.locator('body').innerText();
      expect(seen).not.toContain('${');
      expect(seen).toContain('pieces of evidence: sound');
      expect(await page.locator('img:not([alt*="Made-up screenshot"])').count()).toBe(0);
      const ids = await page.locator('[id]').evaluateAll((all) => all.map(({ id }) => id));
      expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
      expect(asked.filter((url) => !url.startsWith('data:') && !url.startsWith('file:'))).toEqual([]);
      expect(faults).toEqual([]);
    });

    it('fits a phone, and says it all without its script', async () => {
      const phone = await open({ viewport: { width: 390, height: 844 } });
      expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
      const plain = await open({ javaScriptEnabled: false });
      expect(await plain.locator('[data-card]').first().innerText()).toContain('Clause 5.2');
    });
  });
});

describe('npm run demo, interrupted', () => {
  it('stops all that it started, and leaves nothing behind', async () => {
    const running = demo();
    await running.until('Starting');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    process.kill(-(running.child.pid ?? 0), 'SIGINT');
    expect(await running.ended).toBe(130);
    expect(running.printed()).toContain('Stopped. Nothing is left running.');
    expect(processesOf(running)).toEqual([]);
    expect(leftIn()).toEqual([]);
  });
});
