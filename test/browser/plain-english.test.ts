import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SEARCH_COMMAND } from '../../src/teams/search.js';
import { PLAIN_ENGLISH } from '../cards/samples.js';
import { DEPLOYMENT, FakeAzureOpenAi, KEY } from '../fakes/azure-openai.js';
import { hasChromium, launchChromium } from '../support/chromium.js';
import { type Dev, startDev } from '../support/dev.js';
import { Playground } from '../support/playground.js';

describe.skipIf(!hasChromium)('in the Playground, with a model for plain English', () => {
  let model: FakeAzureOpenAi;
  let dev: Dev;
  let browser: Browser;
  let playground: Playground;

  beforeAll(async () => {
    model = await FakeAzureOpenAi.start();
    model.behaviour = { kind: 'says', text: PLAIN_ENGLISH };
    const settings = {
      AZURE_OPENAI_ENDPOINT: model.address,
      AZURE_OPENAI_KEY: KEY,
      AZURE_OPENAI_DEPLOYMENT: DEPLOYMENT,
    };
    [dev, browser] = await Promise.all([startDev(undefined, settings), launchChromium()]);
    await dev.until('Ready.');
  });
  afterAll(async () => {
    await browser?.close();
    dev.signal('SIGINT');
    await dev.ended;
    await dev.cleanUp();
    await model.stop();
  });
  afterEach(() => playground.page.context().close());

  const open = async () => {
    playground = await Playground.open(browser, `http://127.0.0.1:${dev.port + 1}`);
    await playground.card('Ask the policy a question');
  };

  it('an answer gains a text in plain English, keeps it when it is rated, and leads to a report', async () => {
    await open();
    await playground.say('do i need to withhold my number when i ring parents');
    const answer = await playground.card('In plain English');
    expect(await answer.innerText()).toContain('[1] Clause 6.2 › 6. Phones and cameras');
    expect(await answer.innerText()).toContain('You must use a school phone to ring parents [1].');
    expect(await answer.innerText()).toContain('AI-generated');
    // The client's own label, beside the bot's name.
    await playground.page.getByText('AI generated', { exact: true }).waitFor();
    await playground.screenshot('plain-english');

    await answer.getByRole('button', { name: 'Yes' }).click();
    const rated = await playground.card('Glad it helped');
    expect(await rated.innerText()).toContain('You must use a school phone to ring parents [1].');
    await rated.getByRole('button', { name: 'Report something' }).click();
    expect(await (await playground.card('Card 1 of 5')).innerText()).toContain('Delete nothing');
    expect(await playground.page.getByText('The policy says').count()).toBe(1);
    await playground.screenshot('report-something');
  });

  it('a clause is found from the box where messages are written, and posted word for word', async () => {
    await open();
    await playground.search(SEARCH_COMMAND, 'photos of pupils');
    const result = playground.page.getByText('Clause 4.8 › 4. Personal use').first();
    await result.waitFor({ timeout: 20_000 });
    await playground.screenshot('search');
    await result.click();
    await playground.page.getByRole('button', { name: 'Send Message' }).click();
    const posted = await playground.card('Staff must not publish on a personal account');
    expect(await posted.innerText()).toContain('Social Media Policy · version 3.1 · approved 21 Sep 2026');
    await playground.screenshot('search-posted');
  });
});
