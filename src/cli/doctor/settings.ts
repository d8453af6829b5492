import type { Config } from '../../config.js';
import { type Finding, of } from './finding.js';

const { works, look, broken } = of('configuration');
const SAMPLE_SECRETS = /^(?:no secret|a secret|change ?me|secret|test|example|password|x{8}|0{8}|1{8})/iu;
/** Of a random secret of 32 characters hardly any comes twice more than this often. */
const FEWEST_SIGNS = 12;

/** What the configuration says, beyond being readable at all. */
export function settingFindings(config: Config, isLocal: boolean): readonly Finding[] {
  const { bot, publicUrl, linkSecret, applicationInsights } = config;
  const first = isLocal
    ? works('No deployment is set up here, so the local stack of `npm run dev` is looked at.')
    : works(`It can be read. The bot is ${bot ? `of the type ${bot.type}` : 'without an identity'}.`);
  return [
    first,
    ...(bot || isLocal
      ? []
      : [
          look('BOT_ID is not set, so Teams cannot reach this bot; it listens on its own machine only.', 'Set BOT_ID.'),
        ]),
    ...(bot ? [linkFinding(linkSecret), addressFinding(publicUrl)] : []),
    ...(bot && !applicationInsights
      ? [
          look(
            'Nothing is told to Application Insights, so no alert can be raised by it.',
            'Set APPLICATIONINSIGHTS_CONNECTION_STRING, if you want alerts.',
          ),
        ]
      : []),
  ];
}

/** Says nothing of the secret itself. */
function linkFinding(secret: string): Finding {
  const isWeak = SAMPLE_SECRETS.test(secret) || new Set(secret).size < FEWEST_SIGNS;
  return isWeak
    ? broken(
        'LINK_SECRET looks made up. Whoever guesses it can open pages with evidence.',
        'Make a random one: openssl rand -base64 48. Links that were sent already stop working.',
      )
    : works('LINK_SECRET is there, and looks random.');
}

const addressFinding = (publicUrl: string): Finding =>
  publicUrl.startsWith('https://')
    ? works(`Links lead to ${publicUrl}.`)
    : broken(
        `PUBLIC_URL is ${publicUrl}, which only this machine can open.`,
        'Set it to the https address of the bot.',
      );
