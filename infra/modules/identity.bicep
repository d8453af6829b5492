// Who the bot is: to Teams, to storage, to the vault and to the registry. It has no password to lose.

@description('Name of the identity.')
param name string

param location string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
}

output id string = identity.id
output clientId string = identity.properties.clientId
output principalId string = identity.properties.principalId
output tenantId string = identity.properties.tenantId
