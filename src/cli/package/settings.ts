import { z } from 'zod/v4';
import { AppError } from '../../errors.js';

/** What a Teams app package is filled with, by the names of the placeholders in `appPackage/manifest.json`. */
export interface PackageSettings {
  readonly TEAMS_APP_ID: string;
  readonly BOT_ID: string;
  /** The host of `PUBLIC_URL`. */
  readonly BOT_DOMAIN: string;
  readonly PUBLISHER_NAME: string;
  readonly PUBLISHER_URL: string;
  readonly PRIVACY_URL: string;
  readonly TERMS_URL: string;
}

const LONGEST_NAME = 32;
const LONGEST_ADDRESS = 2048;

/** @param what it is, for whoever has left it out. */
const given = (what: string) =>
  z
    .string({ error: `is missing: ${what}.` })
    .trim()
    .min(1, { error: `is missing: ${what}.`, abort: true });
const id = (what: string) =>
  given(what)
    .pipe(z.guid('must be an id such as 11111111-2222-3333-4444-555555555555.'))
    .transform((guid) => guid.toLowerCase());
const page = (what: string) =>
  given(what)
    .max(LONGEST_ADDRESS, `must have at most ${LONGEST_ADDRESS} characters.`)
    .refine(isPage, 'must be the address of a web page, with https, such as https://example.org/privacy.');

const settings = z.object({
  TEAMS_APP_ID: id('an id of your own for the Teams app, which stays the same for good (uuidgen prints one)'),
  BOT_ID: id("the bot's Microsoft App ID, as the Azure Bot resource shows it"),
  PUBLIC_URL: given('the address at which browsers reach Policy Desk, such as https://policydesk.example.org')
    .refine(isPublicOrigin, {
      error:
        'must be the address at which Teams and browsers reach Policy Desk from anywhere, with https and without port or path, such as https://policydesk.example.org.',
      abort: true,
    })
    .transform((address) => new URL(address).hostname),
  PUBLISHER_NAME: given('the name of the school or trust that Teams shows below the app')
    .max(LONGEST_NAME, `must have at most ${LONGEST_NAME} characters: Teams shows no more.`)
    .refine((name) => !/[\p{Cc}"\\]/u.test(name), 'must be plain text on one line, without quotation marks.'),
  PUBLISHER_URL: page("the address of the school's or trust's website"),
  PRIVACY_URL: page("the address of the school's or trust's privacy notice that covers Policy Desk"),
  TERMS_URL: page('the address of the terms under which staff may use it, such as the acceptable use policy'),
});

/**
 * Reads what the app package needs from environment variables (see `.env.example`).
 *
 * @throws {AppError} `bad_configuration`, with one sentence for each variable that is missing or wrong.
 */
export function readPackageSettings(env: Readonly<Record<string, string | undefined>>): PackageSettings {
  const parsed = settings.safeParse(env);
  if (!parsed.success) {
    const faults = new Map(parsed.error.issues.toReversed().map(({ path, message }) => [String(path[0]), message]));
    const lines = Object.keys(settings.shape).flatMap((name) => {
      const fault = faults.get(name);
      return fault === undefined ? [] : [`  - ${name} ${fault}`];
    });
    throw new AppError('bad_configuration', `The app package cannot be made:\n${lines.join('\n')}`);
  }
  const { PUBLIC_URL, ...rest } = parsed.data;
  return { ...rest, BOT_DOMAIN: PUBLIC_URL };
}

function isPage(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, username, password } = new URL(address);
  return protocol === 'https:' && username === '' && password === '';
}

/** A name that is found from anywhere: an address of a machine or of a network of one's own is of no use to Teams. */
function isPublicOrigin(address: string): boolean {
  if (!isPage(address)) return false;
  const { href, origin, hostname, port } = new URL(address);
  const top = hostname.split('.').at(-1) ?? '';
  return (
    href === `${origin}/` && port === '' && hostname.includes('.') && /^[a-z][a-z0-9-]+$/u.test(top) && top !== 'local'
  );
}
