import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { launchChromium } from '../support/chromium.js';
import { sampleSchool } from '../support/sample-school.js';
import { sampleCards } from './samples.js';

/** Draws every card in Chromium with the official renderer, as wide as in a Teams chat and as on a phone. */
const folder = join('.local', 'cards');
const renderer = readFileSync(createRequire(import.meta.url).resolve('adaptivecards/dist/adaptivecards.js'), 'utf8');
/** A phone 390 wide leaves a card 340. */
const widths = { chat: 480, phone: 340 };
const only = process.argv[2] ?? '';

mkdirSync(folder, { recursive: true });
const browser = await launchChromium();
for (const [size, width] of Object.entries(widths)) {
  const page = await browser.newPage({ viewport: { width, height: 200 }, deviceScaleFactor: 2 });
  await page.setContent(
    '<body style="margin:0;font-family:Segoe UI,Noto Sans,sans-serif"><div id="card"></div></body>',
  );
  await page.addScriptTag({ content: renderer });
  for (const [name, card] of Object.entries(await sampleCards(await sampleSchool())).filter(([name]) =>
    name.startsWith(only),
  )) {
    await page.evaluate(`{
      const card = new AdaptiveCards.AdaptiveCard();
      card.hostConfig = new AdaptiveCards.HostConfig({
        fontFamily: 'Segoe UI, Noto Sans, sans-serif',
        actions: { actionsOrientation: 'vertical', actionAlignment: 'left', buttonSpacing: 8, maxActions: 6 },
        containerStyles: { emphasis: { backgroundColor: '#f3f2f1' }, attention: { backgroundColor: '#fde7e9' }, good: { backgroundColor: '#e7f2da' }, warning: { backgroundColor: '#fbf6d9' } },
      });
      card.parse(${JSON.stringify(card)});
      document.getElementById('card').replaceChildren(card.render());
    }`);
    await page.screenshot({ path: join(folder, `${name}-${size}.png`), fullPage: true });
  }
}
await browser.close();
process.stdout.write(`The cards are in ${folder}.\n`);
