// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Bicep writes its strings that way.
import { describe, expect, it } from 'vitest';
import { faultsIn } from './bicep/check.js';
import { changed, deployed, ENTRY, readTemplates } from './templates.js';

const APP = 'modules/app.bicep';
const STORAGE = 'modules/storage.bicep';

/** A mistake that somebody could make, and what is said of it. */
const MISTAKES: readonly (readonly [path: string, from: string, to: string, fault: RegExp])[] = [
  [ENTRY, "name: 'roles'\n  params: {", "name: 'roles'\n  params: {{", /"\{" is never closed/u],
  [ENTRY, "module vault 'modules/vault.bicep' = {", "module vault 'modules/vault.bicep' = (", /closes nothing/u],
  [ENTRY, "'${resourceBaseName}-bot'", "'${resourceBaseName-bot'", /never closed|has no place|is missing/u],
  [ENTRY, "'${resourceBaseName}-bot'", "'${resourceBaseName}-bot", /never closed/u],
  [ENTRY, 'var hasImage = imageTag', 'var hasImage = imageTagg', /imageTagg is not declared/u],
  [ENTRY, "'modules/vault.bicep'", "'modules/vaults.bicep'", /vaults\.bicep is no file here/u],
  [ENTRY, 'vaultUri: vault.outputs.uri', 'vaultUri: vault.outputs.url', /vault has no output url/u],
  [ENTRY, 'queueName: storage.outputs.deliveryQueue\n', '', /app is not given queueName/u],
  [ENTRY, 'retentionDays: logDays', 'retentionsDays: logDays', /logs has no parameter retentionsDays/u],
  [ENTRY, 'amount: int(budgetAmount)', 'amount: budgetAmount', /amount of budget is int, and is given string/u],
  [ENTRY, 'retentionDays: logDays', "retentionDays: '30'", /retentionDays of logs is int, and is given string/u],
  [ENTRY, 'token = uniqueString(', 'token = uniqeString(', /uniqeString\(\) is no function/u],
  [ENTRY, 'take(token, 12)', 'take(token)', /take\(\) is given 1 values/u],
  [ENTRY, '    cpu: cpu\n', "    cpu: '1'\n", /cpu is never used/u],
  [ENTRY, 'output APP_NAME string = appName', 'output APP_NAME int = appName', /APP_NAME is int, and is given string/u],
  [ENTRY, 'output APP_NAME string = appName', 'output APP_NAME string = app.outputs.id', /app has no output id/u],
  [ENTRY, 'dependsOn: [\n    roles', 'dependsOn: [\n    rolls', /depends on what is no resource/u],
  [ENTRY, "module people 'modules", "module budget 'modules", /budget is declared twice/u],
  [ENTRY, '@maxLength(11)', '@maxLenght(11)', /@maxLenght is not known/u],
  [APP, "'Microsoft.App/containerApps@2025-01-01'", "'Microsoft.App/containerApps'", /no type with a version/u],
  [APP, '  location: location\n  identity: {', '  locations: location\n  identity: {', /app cannot have locations/u],
  [APP, 'param memory string\n', 'param memory string\nparam spare string\n', /spare is never used|not given spare/u],
  [
    STORAGE,
    "parent: blobs\n  name: 'evidence'",
    "parent: queues\n  name: 'evidence'",
    /evidence cannot lie in queues/u,
  ],
  [STORAGE, "parent: evidence\n  name: 'default'", "name: 'default'", /evidenceStays has no parent/u],
  [STORAGE, 'scope: account', 'scope: accounts', /accounts is not declared/u],
  [
    STORAGE,
    "resource poison 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01'",
    "resource poison 'Microsoft.Storage/storageAccounts/queueServices/queues@2023-01-01'",
    /queues has two versions/u,
  ],
  [
    STORAGE,
    'output name string = account.name',
    'output name string = account.title',
    /account\.title: a resource has/u,
  ],
  [
    STORAGE,
    'output deliveryQueue string',
    'output idle string = account.id\noutput deliveryQueue string',
    /nothing uses its output idle/u,
  ],
  ['modules/vault.bicep', "name: 'standard'", 'name: "standard"', /has no place in Bicep/u],
  ['modules/alerts.bicep', "| summarize Value = max(Sum)\n'''", '| summarize Value = max(Sum)\n', /./u],
];

describe('the templates', () => {
  it('fit together: brackets, names, parameters, modules and outputs', () => {
    expect(faultsIn(readTemplates(), ENTRY)).toEqual([]);
  });

  it.each(MISTAKES)('%s would not with "%s" → "%s"', (path, from, to, fault) => {
    expect(faultsIn(changed(path, from, to), ENTRY).join('\n')).toMatch(fault);
  });

  it('leave no file unused', () => {
    const files = readTemplates().set('modules/spare.bicep', "output nothing string = ''\n");
    expect(faultsIn(files, ENTRY)).toContain('modules/spare.bicep: nothing uses it');
  });

  it('refuse values that no trust may set', () => {
    for (const [given, fault] of [
      [{ resourceBaseName: 'oak' }, /resourceBaseName cannot be oak/u],
      [{ resourceBaseName: 'oak-trust-of-schools' }, /resourceBaseName cannot be/u],
      [{ minReplicas: 0 }, /minReplicas cannot be 0/u],
      [{ recoveryDays: 3 }, /recoveryDays cannot be 3/u],
      [{ storageSku: 'Premium_LRS' }, /storageSku cannot be Premium_LRS/u],
      [{ minReplicas: '1' }, /minReplicas is string, not int/u],
      [{ nothing: 1 }, /there is no parameter nothing/u],
      [{ budgetStart: '2026-11' }, /start cannot be 2026-11/u],
    ] as const)
      expect(() => deployed(given)).toThrow(fault);
  });

  it('do not go round in circles', () => {
    const files = changed(ENTRY, "resourceBaseName}-bot'", "token}-${appName}'");
    expect(() => deployed({}, files)).toThrow('appName needs itself');
  });
});
