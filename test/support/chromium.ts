import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const executablePath = PATHS.find((path) => existsSync(path));

/** Whether this machine has a Chromium; where it has none, the tests that need it are skipped and say so. */
export const hasChromium = executablePath !== undefined;

if (!hasChromium) process.stderr.write(`No Chromium at ${PATHS.join(', ')}: the tests in a browser are skipped.\n`);

/** Starts Chromium without its own traffic. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      '--no-first-run',
    ],
  });
