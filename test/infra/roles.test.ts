import { describe, expect, it } from 'vitest';
import { at, changed, deployed, ofType, PRINCIPAL_ID, readTemplates, TRUST } from './templates.js';

type Files = Map<string, string>;

describe('who may do what', () => {
  const ROLES: Readonly<Record<string, string>> = {
    '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1': 'Storage Blob Data Reader',
    'ba92f5b4-2d11-453d-a403-e96b0029c9fe': 'Storage Blob Data Contributor',
    '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3': 'Storage Table Data Contributor',
    '974c5e8b-45b9-4653-ba55-5f855dd0fb88': 'Storage Queue Data Contributor',
    '4633458b-17de-408a-b874-0445c86b69e6': 'Key Vault Secrets User',
    'b86a8fe4-44ce-4948-aee5-eccb2c155cd7': 'Key Vault Secrets Officer',
    '7f951dda-4ed3-4680-a7ca-43fe172d538d': 'AcrPull',
    '3913510d-42f4-4e42-8a64-420c390055eb': 'Monitoring Metrics Publisher',
  };
  const assignments = (files?: Files) =>
    ofType(deployed({}, files).resources, 'Microsoft.Authorization/roleAssignments').map(({ scope = '', body }) => {
      const who = { [PRINCIPAL_ID]: 'bot', [TRUST.operatorObjectId]: 'operator' }[
        String(at(body, 'properties.principalId'))
      ];
      const role = ROLES[String(at(body, 'properties.roleDefinitionId')).split('/').at(-1) ?? ''];
      return `${who}: ${role} on ${scope
        .replace(/^Microsoft\.\w+\//u, '')
        .replace(/ .*?(\/|$)/u, ' ')
        .trim()}`;
    });

  it('is this, and no more', () => {
    expect(assignments()).toEqual([
      'bot: Storage Table Data Contributor on storageAccounts',
      'bot: Storage Queue Data Contributor on storageAccounts',
      'bot: Storage Blob Data Reader on storageAccounts',
      'bot: Storage Blob Data Contributor on storageAccounts/blobServices/containers default/evidence',
      'bot: Storage Blob Data Contributor on storageAccounts/blobServices/containers default/summaries',
      'bot: Storage Blob Data Contributor on storageAccounts/blobServices/containers default/doctor',
      'bot: Key Vault Secrets User on vaults',
      'bot: AcrPull on registries',
      'bot: Monitoring Metrics Publisher on components',
      'operator: Key Vault Secrets Officer on vaults',
      'operator: Storage Blob Data Contributor on storageAccounts/blobServices/containers default/schools',
    ]);
    const wider = changed('modules/roles.bicep', 'scope: evidence\n', 'scope: account\n');
    expect(assignments(wider)).not.toEqual(assignments());
  });

  it('has a name of its own for each, which stays the same', () => {
    const names = ofType(deployed().resources, 'Microsoft.Authorization/roleAssignments').map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('takes no secret: none is written down, asked for, or told', () => {
    const secretive = (files: Files) =>
      [...files].flatMap(([path, source]) =>
        [
          ...source.matchAll(/@secure|list\w*Keys?\b|listSecrets|sharedKey\b|adminUserEnabled: true|AccountKey=/giu),
        ].map(([found]) => `${path} ${found}`),
      );
    expect(secretive(readTemplates())).toEqual([]);
    expect(
      secretive(changed('modules/registry.bicep', 'adminUserEnabled: false', 'adminUserEnabled: true')),
    ).toHaveLength(1);
    expect(Object.keys(deployed().outputs).filter((name) => /SECRET|KEY|PASSWORD|CONNECTION/u.test(name))).toEqual([]);
  });
});
