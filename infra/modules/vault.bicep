// Holds what links are sealed with, as the secret link-secret. A person puts it there: no template and no file ever has it.

@description('Name of the vault: 3 to 24 letters, digits and hyphens, unlike any other in the world.')
@minLength(3)
@maxLength(24)
param name string

param location string

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enabledForTemplateDeployment: false
    publicNetworkAccess: 'Enabled'
  }
}

output name string = vault.name
output uri string = vault.properties.vaultUri
