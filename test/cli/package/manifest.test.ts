import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { faultsInManifest } from '../../../src/cli/package/check.js';
import { MADE_UP } from '../../../src/cli/package/make.js';
import { filledManifest } from '../../../src/cli/package/manifest.js';

const SCHEMAS = '@microsoft/app-manifest/build/json-schemas/teams';
const template = readFileSync(new URL('../../../appPackage/manifest.json', import.meta.url), 'utf8');
const filled = () => JSON.parse(filledManifest(template, MADE_UP));
const placeholder = (name: string) => `\${{${name}}}`;
type Manifest = ReturnType<typeof filled>;

/** What is wrong with it after a change. */
function faultsAfter(change: (manifest: Manifest) => void): Promise<readonly string[]> {
  const manifest = filled();
  change(manifest);
  return faultsInManifest(JSON.stringify(manifest));
}

describe('the manifest', () => {
  it('is filled from the settings, each in its place, and as written by hand besides', () => {
    const manifest = filled();
    expect(manifest).toMatchObject({
      manifestVersion: '1.24',
      id: MADE_UP.TEAMS_APP_ID,
      developer: {
        name: MADE_UP.PUBLISHER_NAME,
        websiteUrl: MADE_UP.PUBLISHER_URL,
        privacyUrl: MADE_UP.PRIVACY_URL,
        termsOfUseUrl: MADE_UP.TERMS_URL,
      },
      bots: [{ botId: MADE_UP.BOT_ID, scopes: ['personal', 'team', 'groupChat'], supportsFiles: true }],
      composeExtensions: [{ botId: MADE_UP.BOT_ID }],
      validDomains: [MADE_UP.BOT_DOMAIN],
    });
    const asWritten = Object.entries(MADE_UP).reduce(
      (text, [name, value]) => text.replaceAll(placeholder(name), value),
      template,
    );
    expect(manifest).toEqual(JSON.parse(asWritten));
  });

  it('asks for nothing beyond its need', () => {
    const manifest = filled();
    expect(manifest.permissions).toEqual(['identity', 'messageTeamMembers']);
    for (const more of ['authorization', 'webApplicationInfo', 'devicePermissions', 'staticTabs', 'configurableTabs'])
      expect(manifest).not.toHaveProperty(more);
  });

  it('asks for what the document gives a reason for, of the values that it explains', () => {
    const document = readFileSync(new URL('../../../docs/teams-app.md', import.meta.url), 'utf8');
    const rowsBelow = (heading: string) => {
      const section = document.split(/^#+ /mu).find((text) => text.startsWith(heading)) ?? '';
      const [table = ''] = section.split(/\n\n(?!\|)/u).filter((text) => text.includes('\n|') || text.startsWith('|'));
      return [...table.matchAll(/^\| `(\w+)`/gmu)].map(([, name]) => name);
    };
    expect(rowsBelow('Permissions')).toEqual(filled().permissions);
    const variables = Object.keys(MADE_UP).map((name) => (name === 'BOT_DOMAIN' ? 'PUBLIC_URL' : name));
    expect(rowsBelow('Making it')).toEqual(variables);
  });

  it('takes values as they are, whatever signs are in them', () => {
    const name = `St Mary’s $& \\ ${placeholder('BOT_ID')}`;
    expect(JSON.parse(filledManifest(template, { ...MADE_UP, PUBLISHER_NAME: name })).developer.name).toBe(name);
  });

  it('takes another version, and refuses what nothing fills in', () => {
    expect(JSON.parse(filledManifest(template, MADE_UP, { version: '1.4.0' })).version).toBe('1.4.0');
    expect(() => filledManifest(JSON.stringify({ id: placeholder('APP_ID') }), MADE_UP)).toThrow(/asks for APP_ID/u);
  });

  it('fits Microsoft’s schema and what Teams shows', async () => {
    expect(await faultsInManifest(JSON.stringify(filled()))).toEqual([]);
  });

  it.each<[string, (manifest: Manifest) => void, RegExp]>([
    [
      'a field that there is not',
      (it) => {
        it.packageName = 'x';
      },
      /additional properties.*packageName/u,
    ],
    [
      'no privacy address',
      (it) => {
        delete it.developer.privacyUrl;
      },
      /\/developer .*privacyUrl/u,
    ],
    [
      'an id that is none',
      (it) => {
        it.bots[0].botId = 'policy-desk';
      },
      /\/bots\/0\/botId/u,
    ],
    [
      'a scope that there is not',
      (it) => {
        it.bots[0].scopes[1] = 'channel';
      },
      /\/bots\/0\/scopes\/1/u,
    ],
    [
      'another version of the schema',
      (it) => {
        it.manifestVersion = '1.23';
      },
      /\/manifestVersion/u,
    ],
    [
      'a name that is too long',
      (it) => {
        it.name.short = 'x'.repeat(31);
      },
      /\/name\/short/u,
    ],
    [
      'a short description that is too long',
      (it) => {
        it.description.short = 'x'.repeat(81);
      },
      /\/description\/short/u,
    ],
    [
      'a search without words',
      (it) => {
        it.composeExtensions[0].commands[0].parameters = [];
      },
      /parameters/u,
    ],
    [
      'one name twice',
      (it) => {
        it.name.full = it.name.short;
      },
      /one name twice/u,
    ],
    [
      'a placeholder',
      (it) => {
        it.description.full += placeholder('LATER');
      },
      /still has \$\{\{LATER\}\}/u,
    ],
    [
      'eleven commands',
      (it) => {
        it.bots[0].commandLists[0].commands.push(...it.bots[0].commandLists[0].commands.slice(0, 2));
      },
      /more than 10 commands for personal/u,
    ],
    [
      'a command of 33 characters',
      (it) => {
        it.bots[0].commandLists[2].commands[0].title = 'x'.repeat(33);
      },
      /too long for the menu/u,
    ],
    [
      'a version that is none',
      (it) => {
        it.version = '1.0';
      },
      /which must be like 1\.0\.1/u,
    ],
    [
      'the version 0.0.0',
      (it) => {
        it.version = '0.0.0';
      },
      /which must be like 1\.0\.1/u,
    ],
  ])('is refused with %s', async (_, change, words) => {
    const faults = await faultsAfter(change);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(words);
  });

  it('says all that is wrong at once', async () => {
    const faults = await faultsAfter((it) => {
      it.name.short = 'x'.repeat(31);
      it.bots[0].botId = 'none';
    });
    expect(faults).toHaveLength(2);
  });
});

/** Beside the checkout, where there is one. */
const PUBLISHED = new URL('../../../../shared/schemas/teams-manifest-1.24.schema.json', import.meta.url);
const isBeside = existsSync(PUBLISHED);
if (!isBeside)
  process.stderr.write('The published schema is not beside this checkout: it is not compared with the one in use.\n');

describe('the schema in use', () => {
  it.skipIf(!isBeside)('is the published one', () => {
    const inUse = createRequire(import.meta.url)(`${SCHEMAS}/v1.24/MicrosoftTeams.schema.json`);
    expect(inUse).toEqual(JSON.parse(readFileSync(PUBLISHED, 'utf8')));
  });
});

describe('for private and shared channels', () => {
  it('it says so as Microsoft’s schema of 1.25 has it, and is the same besides', async () => {
    const manifest = filledManifest(template, MADE_UP, { privateChannels: true });
    const { $schema, manifestVersion, supportsChannelFeatures, ...rest } = JSON.parse(manifest);
    expect($schema).toContain('/v1.25/');
    expect({ manifestVersion, supportsChannelFeatures }).toEqual({
      manifestVersion: '1.25',
      supportsChannelFeatures: 'tier1',
    });
    const { $schema: _, manifestVersion: __, ...usual } = filled();
    expect(rest).toEqual(usual);
    expect(await faultsInManifest(manifest)).toEqual([]);
    expect(await faultsInManifest(manifest.replace('tier1', 'tier3'))).toEqual([
      expect.stringMatching(/\/supportsChannelFeatures/u),
    ]);
  });

  it('1.24 knows nothing of them', async () => {
    const faults = await faultsAfter((it) => {
      it.supportsChannelFeatures = 'tier1';
    });
    expect(faults).toEqual([expect.stringMatching(/supportsChannelFeatures/u)]);
  });
});
