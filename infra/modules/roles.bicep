// Who may do what, all of it. The bot may read the files of the schools, not change them: who is Headteacher is not for it to say.

@description('Object id of the identity of the bot.')
param botPrincipalId string

@description('Object id of the person or group that puts in the link secret and the files of the schools.')
param operatorObjectId string

@description('User or Group.')
param operatorType string

param storageName string
param vaultName string
param registryName string
param insightsName string

// Built-in roles of Azure: the same ids in every subscription.
var storageBlobDataReader = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1')
var storageBlobDataContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
var storageTableDataContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3')
var storageQueueDataContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '974c5e8b-45b9-4653-ba55-5f855dd0fb88')
var keyVaultSecretsUser = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')
var keyVaultSecretsOfficer = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7')
var monitoringMetricsPublisher = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '3913510d-42f4-4e42-8a64-420c390055eb')
var acrPull = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageName
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' existing = {
  parent: account
  name: 'default'
}

resource evidence 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' existing = {
  parent: blobs
  name: 'evidence'
}

resource summaries 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' existing = {
  parent: blobs
  name: 'summaries'
}

resource schools 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' existing = {
  parent: blobs
  name: 'schools'
}

resource doctor 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' existing = {
  parent: blobs
  name: 'doctor'
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: vaultName
}

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' existing = {
  name: registryName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

// Of the whole account: its readiness lists tables and containers, and it creates the tables that it uses.
resource botTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account
  name: guid(account.id, botPrincipalId, storageTableDataContributor)
  properties: {
    roleDefinitionId: storageTableDataContributor
    principalId: botPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource botQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account
  name: guid(account.id, botPrincipalId, storageQueueDataContributor)
  properties: {
    roleDefinitionId: storageQueueDataContributor
    principalId: botPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource botReadsBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account
  name: guid(account.id, botPrincipalId, storageBlobDataReader)
  properties: {
    roleDefinitionId: storageBlobDataReader
    principalId: botPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource botEvidence 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: evidence
  name: guid(evidence.id, botPrincipalId, storageBlobDataContributor)
  properties: {
    roleDefinitionId: storageBlobDataContributor
    principalId: botPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource botSummaries 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: summaries
  name: guid(summaries.id, botPrincipalId, storageBlobDataContributor)
  properties: {
    roleDefinitionId: storageBlobDataContributor
    principalId: botPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource botDoctor 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: doctor
  name: guid(doctor.id, botPrincipalId, storageBlobDataContributor)
  properties: {
    roleDefinitionId: storageBlobDataContributor
    principalId: botPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource botSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, botPrincipalId, keyVaultSecretsUser)
  properties: {
    roleDefinitionId: keyVaultSecretsUser
    principalId: botPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource botImages 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: guid(registry.id, botPrincipalId, acrPull)
  properties: {
    roleDefinitionId: acrPull
    principalId: botPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource botTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, botPrincipalId, monitoringMetricsPublisher)
  properties: {
    roleDefinitionId: monitoringMetricsPublisher
    principalId: botPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource operatorSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, operatorObjectId, keyVaultSecretsOfficer)
  properties: {
    roleDefinitionId: keyVaultSecretsOfficer
    principalId: operatorObjectId
    principalType: operatorType
  }
}

resource operatorSchools 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: schools
  name: guid(schools.id, operatorObjectId, storageBlobDataContributor)
  properties: {
    roleDefinitionId: storageBlobDataContributor
    principalId: operatorObjectId
    principalType: operatorType
  }
}
