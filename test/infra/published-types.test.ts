import { describe, expect, it } from 'vitest';
import { PublishedTypes } from './published-types.js';
import { changed, deployed } from './templates.js';

const folder = process.env.BICEP_TYPES;
if (!folder)
  process.stderr.write(
    'The templates are not compared with the types that Azure publishes: set BICEP_TYPES to the folder `generated` of a copy of github.com/Azure/bicep-types-az.\n',
  );

describe.skipIf(!folder)('the types that Azure publishes', () => {
  const faults = (files?: Map<string, string>, given = {}) => {
    const types = new PublishedTypes(folder ?? '');
    return deployed({ evidenceImmutabilityDays: 14, ...given }, files).resources.flatMap((one) => types.faultsIn(one));
  };

  it('are those of every resource, with its version, properties and values', () => {
    expect(faults()).toEqual([]);
    const model = { azureOpenAiEndpoint: 'https://oak.openai.azure.com', azureOpenAiDeployment: 'gpt-4.1-mini' };
    expect(faults(undefined, model)).toEqual([]);
  });

  it.each([
    [
      'modules/app.bicep',
      "secretRef: 'link-secret'",
      "secretReference: 'link-secret'",
      /secretReference: is not published/u,
    ],
    ['modules/app.bicep', 'containerApps@2025-01-01', 'containerApps@2025-01-02', /is not published/u],
    ['modules/app.bicep', "storageType: 'EmptyDir'", "storageType: 'EmptyDirectory'", /"EmptyDirectory" is none of/u],
    ['modules/app.bicep', 'external: true', "external: 'true'", /is no BooleanType/u],
    ['modules/app.bicep', '  location: location\n  identity', '  identity', /location is missing/u],
    [
      'modules/storage.bicep',
      'days: recoveryDays\n    }\n    container',
      'days: 999\n    }\n    container',
      /999 is no IntegerType/u,
    ],
    [
      'botRegistration/azurebot.bicep',
      "channelName: 'MsTeamsChannel'",
      "channelName: 'TeamsChannel'",
      /is not published/u,
    ],
    ['modules/budget.bicep', "timeGrain: 'Monthly'\n", '', /timeGrain is missing/u],
  ])('%s would not be with "%s" → "%s"', (path, from, to, fault) => {
    expect(faults(changed(path, from, to)).join('\n')).toMatch(fault);
  });
});
