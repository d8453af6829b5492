import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { ROOT } from './processes.js';

/** Where screenshots of the stories are put, to be looked at. */
const SCREENSHOTS = join(ROOT, '.local', 'screenshots');

const MOST_PRESSES = 3;

/** Drives the Microsoft 365 Agents Playground as a person does. */
export class Playground {
  readonly page: Page;
  readonly #editor: Locator;

  private constructor(page: Page) {
    this.page = page;
    this.#editor = page.locator('[data-lexical-editor="true"]');
  }

  /** Opens the Playground and waits until it can be typed in. Nothing outside this machine is asked for. */
  static async open(browser: Browser, address: string, viewport = { width: 1280, height: 900 }): Promise<Playground> {
    const context = await browser.newContext({ viewport });
    await context.route(
      (url) => url.hostname !== '127.0.0.1' && url.hostname !== 'localhost',
      (route) => route.abort(),
    );
    const playground = new Playground(await context.newPage());
    await playground.page.goto(address, { waitUntil: 'commit' });
    await playground.#editor.first().waitFor({ timeout: 60_000 });
    // The log panel repeats what is said, and can be typed in.
    await playground.page.getByTitle('Hide log panel').click();
    return playground;
  }

  /** Goes to "Personal Chat", to a group chat by name, or to a channel as "<team> - <channel>". */
  async goTo(conversation: string): Promise<void> {
    await this.page.getByRole('treeitem', { name: conversation, exact: true }).click();
    await this.#editor.first().waitFor();
  }

  /** Says something in a chat. */
  async say(text: string): Promise<void> {
    await this.#editor.first().click();
    await this.page.keyboard.insertText(text);
    await this.page.keyboard.press('Enter');
  }

  /** Starts a conversation in a channel with a mention of the bot. */
  async postWithMention(name: string, text: string): Promise<void> {
    await this.#editor.first().click();
    await this.page.keyboard.type(`@${name}`);
    await this.page.locator('#typeahead-menu').getByRole('menuitem', { name }).click();
    await this.page.keyboard.insertText(` ${text}`);
    await this.page.getByRole('button', { name: 'Post', exact: true }).click();
  }

  /** Searches with the message extension, from the box where messages are written. */
  async search(command: { id: string; parameter: string }, words: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Trigger Message Extension App' }).click();
    await this.page.getByRole('menuitem', { name: 'Search Command' }).click();
    await this.page.getByRole('button', { name: 'Specify Command ID or Parameter' }).click();
    await this.page.getByRole('textbox', { name: 'Command ID' }).fill(command.id);
    await this.page.getByRole('textbox', { name: 'Parameter name' }).fill(command.parameter);
    await this.page.getByRole('textbox', { name: 'Enter a search term' }).fill(words);
    await this.page.keyboard.press('Enter');
  }

  /** The last card that says something, in any case unless a pattern tells; waits for it to appear. */
  async card(text: string | RegExp): Promise<Locator> {
    const card = this.page.locator('.ac-adaptiveCard').filter({ hasText: text }).last();
    await card.waitFor({ timeout: 20_000 });
    return card;
  }

  /** Presses a button that tells the bot; again where the Playground, drawing the conversation anew, has let the press go by. */
  async press(card: Locator, title: string): Promise<void> {
    for (let tries = 0; tries < MOST_PRESSES; tries += 1) {
      const sent = this.page.waitForRequest(/\/invoke$/u, { timeout: 5_000 }).then(
        () => true,
        () => false,
      );
      await card.getByRole('button', { name: title, exact: true }).click();
      if (await sent) return;
    }
    throw new Error(`The Playground sends no press on "${title}".`);
  }

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: this.pathOf(name) });
  }

  /** Where the screenshot of a name is put. */
  pathOf(name: string): string {
    mkdirSync(SCREENSHOTS, { recursive: true });
    return join(SCREENSHOTS, `${name}.png`);
  }
}
