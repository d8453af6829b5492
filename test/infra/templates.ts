import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expand, type Resource, type Runtime } from './bicep/expand.js';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const ENTRY = 'azure.bicep';

/** Every template, by its path below `infra/`. */
export function readTemplates(): Map<string, string> {
  const paths = readdirSync(`${ROOT}infra`, { recursive: true, encoding: 'utf8' });
  return new Map(
    paths
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => path.endsWith('.bicep'))
      .map((path) => [path, readFileSync(`${ROOT}infra/${path}`, 'utf8')]),
  );
}

/** What a trust would set. */
export const TRUST = {
  resourceBaseName: 'oaktrust',
  imageTag: '1.0.0',
  operatorObjectId: '12121212-3434-4565-8787-909090909090',
  alertEmail: 'it@example.org',
  budgetAmount: '100',
  budgetStart: '2026-11-01',
};

export const BOT_ID = '66666666-7777-4888-9999-aaaaaaaaaaaa';
export const PRINCIPAL_ID = '55555555-7777-4888-9999-aaaaaaaaaaaa';
export const TENANT_ID = '99999999-8888-4777-8666-555555555555';

/** What Azure would say of resources that are there. */
const KNOWN: Readonly<Record<string, string>> = {
  'Microsoft.ManagedIdentity/userAssignedIdentities clientId': BOT_ID,
  'Microsoft.ManagedIdentity/userAssignedIdentities principalId': PRINCIPAL_ID,
  'Microsoft.ManagedIdentity/userAssignedIdentities tenantId': TENANT_ID,
  'Microsoft.Insights/components ConnectionString':
    'InstrumentationKey=11111111-2222-4333-8444-555555555555;IngestionEndpoint=https://uksouth-1.in.applicationinsights.azure.com/',
  'Microsoft.KeyVault/vaults vaultUri': 'https://oaktrust-vault.vault.azure.net/',
  'Microsoft.ContainerRegistry/registries loginServer': 'oaktrust.azurecr.io',
  'Microsoft.App/managedEnvironments defaultDomain': 'leafyhill-12345678.uksouth.azurecontainerapps.io',
};

const runtime: Runtime = (type, name) => {
  const value = KNOWN[`${type} ${name}`];
  if (value === undefined) throw new Error(`Azure tells no ${name} of ${type}`);
  return value;
};

/** What would be asked of Azure for a trust. */
export function deployed(given: Readonly<Record<string, unknown>> = {}, files = readTemplates()) {
  return expand(files, ENTRY, { ...TRUST, ...given }, runtime);
}

export const ofType = (resources: readonly Resource[], type: string): Resource[] =>
  resources.filter((resource) => resource.type === type);

/** The values of a resource's body below a path such as `properties.template.containers`. */
export function at(value: unknown, path: string): unknown {
  let found = value;
  for (const name of path.split('.'))
    found = typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined;
  return found;
}

/** Templates in which one place reads otherwise; refuses where that place is not there once. */
export function changed(path: string, from: string, to: string): Map<string, string> {
  const files = readTemplates();
  const source = files.get(path) ?? '';
  if (source.split(from).length !== 2) throw new Error(`${path} has ${from} not once`);
  return files.set(
    path,
    source.replace(from, () => to),
  );
}
