// Everything that Policy Desk needs in Azure, in one resource group. Nothing in here is a secret, and no output is one.
//
// It is deployed twice: first with imageTag 'none', which makes everything but the container app; then, once the link secret is in
// the vault and an image is in the registry, with the tag of that image. docs/install.md walks through it.

targetScope = 'resourceGroup'

@description('Begins the names of all resources: lower-case letters and digits, a letter first.')
@minLength(4)
@maxLength(11)
param resourceBaseName string

@description('What people see as the name of the bot.')
@maxLength(42)
param botDisplayName string = 'Policy Desk'

@description('Where everything is kept and run.')
param location string = resourceGroup().location

@description('Which image of the registry to run, such as 1.0.0; none: there is not one yet, so nothing is run.')
param imageTag string

@description('Entra tenants whose people may use the bot, separated by commas.')
param allowedTenants string = tenant().tenantId

@description('Object id of the person or group in Entra that puts in the link secret and the files of the schools.')
param operatorObjectId string

@description('Whether operatorObjectId is a person or a group.')
@allowed([
  'User'
  'Group'
])
param operatorType string = 'User'

@description('Where alerts are sent: best the address of a group that somebody reads in the holidays as well.')
param alertEmail string

@description('What all of it may cost a month, as a whole number in the currency of the subscription, before somebody is told. 0: no budget, where the subscription can have none.')
param budgetAmount string

@description('First day of the month in which the budget begins, such as 2026-11-01. It cannot be changed afterwards.')
param budgetStart string

@description('How many copies of the bot there are at least. Two go on when one is lost, and cost twice as much.')
@minValue(1)
@maxValue(10)
param minReplicas int = 1

@description('How many copies of the bot there are at most.')
@minValue(1)
@maxValue(30)
param maxReplicas int = 5

@description('Processor cores of one copy. With 0.5 goes memory of 1Gi, with 1 goes 2Gi, and so on.')
@allowed([
  '0.5'
  '1'
  '2'
])
param cpu string = '1'

@description('Memory of one copy: twice the cores.')
@allowed([
  '1Gi'
  '2Gi'
  '4Gi'
])
param memory string = '2Gi'

@description('How data is copied within Azure. ZRS: to three places of one region.')
@allowed([
  'Standard_LRS'
  'Standard_ZRS'
  'Standard_GRS'
  'Standard_GZRS'
])
param storageSku string = 'Standard_ZRS'

@description('For how many days deleted and overwritten files can be brought back.')
@minValue(7)
@maxValue(90)
param recoveryDays int = 30

@description('For how many days nobody, not even the bot, can delete evidence. 0: it can be deleted. See docs/install.md before you set it.')
@minValue(0)
@maxValue(3650)
param evidenceImmutabilityDays int = 0

@description('For how many days logs are kept.')
@minValue(30)
@maxValue(730)
param logDays int = 30

@description('error, warn, info, debug or silent.')
param logLevel string = 'info'

@description('Address of an Azure OpenAI resource for plain English, or none. Its key is kept in the vault as azure-openai-key.')
param azureOpenAiEndpoint string = 'none'

@description('Deployment of a chat model in that resource.')
param azureOpenAiDeployment string = ''

var token = uniqueString(resourceGroup().id)
var appName = '${resourceBaseName}-bot'
var hasImage = imageTag != 'none'

module identity 'modules/identity.bicep' = {
  name: 'identity'
  params: {
    name: '${resourceBaseName}-identity'
    location: location
  }
}

module logs 'modules/logs.bicep' = {
  name: 'logs'
  params: {
    name: '${resourceBaseName}-logs'
    location: location
    retentionDays: logDays
  }
}

module insights 'modules/insights.bicep' = {
  name: 'insights'
  params: {
    name: '${resourceBaseName}-insights'
    location: location
    workspaceId: logs.outputs.id
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  params: {
    name: '${resourceBaseName}${token}'
    location: location
    sku: storageSku
    recoveryDays: recoveryDays
    evidenceImmutabilityDays: evidenceImmutabilityDays
  }
}

module vault 'modules/vault.bicep' = {
  name: 'vault'
  params: {
    name: '${resourceBaseName}-${take(token, 12)}'
    location: location
  }
}

module registry 'modules/registry.bicep' = {
  name: 'registry'
  params: {
    name: '${resourceBaseName}${token}'
    location: location
  }
}

module roles 'modules/roles.bicep' = {
  name: 'roles'
  params: {
    botPrincipalId: identity.outputs.principalId
    operatorObjectId: operatorObjectId
    operatorType: operatorType
    storageName: storage.outputs.name
    vaultName: vault.outputs.name
    registryName: registry.outputs.name
    insightsName: insights.outputs.name
  }
}

module environment 'modules/environment.bicep' = {
  name: 'environment'
  params: {
    name: '${resourceBaseName}-environment'
    location: location
    workspaceId: logs.outputs.id
  }
}

module app 'modules/app.bicep' = if (hasImage) {
  name: 'app'
  params: {
    name: appName
    location: location
    environmentId: environment.outputs.id
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    identityTenantId: identity.outputs.tenantId
    registryServer: registry.outputs.server
    image: '${registry.outputs.server}/policy-desk:${imageTag}'
    host: '${appName}.${environment.outputs.domain}'
    allowedTenants: allowedTenants
    storageName: storage.outputs.name
    schoolsContainer: storage.outputs.schoolsContainer
    queueName: storage.outputs.deliveryQueue
    vaultUri: vault.outputs.uri
    insightsConnection: insights.outputs.connectionString
    minReplicas: minReplicas
    maxReplicas: maxReplicas
    cpu: cpu
    memory: memory
    logLevel: logLevel
    azureOpenAiEndpoint: azureOpenAiEndpoint
    azureOpenAiDeployment: azureOpenAiDeployment
  }
  dependsOn: [
    roles
  ]
}

module bot 'botRegistration/azurebot.bicep' = {
  name: 'bot'
  params: {
    name: '${resourceBaseName}-${token}'
    displayName: botDisplayName
    host: '${appName}.${environment.outputs.domain}'
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    identityTenantId: identity.outputs.tenantId
  }
}

module people 'modules/action-group.bicep' = {
  name: 'people'
  params: {
    name: '${resourceBaseName}-people'
    email: alertEmail
  }
}

module alerts 'modules/alerts.bicep' = if (hasImage) {
  name: 'alerts'
  params: {
    baseName: resourceBaseName
    location: location
    workspaceId: logs.outputs.id
    actionGroupId: people.outputs.id
  }
  dependsOn: [
    app
  ]
}

module budget 'modules/budget.bicep' = if (int(budgetAmount) > 0) {
  name: 'budget'
  params: {
    name: '${resourceBaseName}-budget'
    amount: int(budgetAmount)
    start: budgetStart
    email: alertEmail
  }
}

// The Agents Toolkit writes these into env/.env.<environment>; for the command line, docs/install.md has a command that does.
output BOT_ID string = identity.outputs.clientId
output BOT_TENANT_ID string = identity.outputs.tenantId
output PUBLIC_URL string = 'https://${appName}.${environment.outputs.domain}'
output BOT_DOMAIN string = '${appName}.${environment.outputs.domain}'
output STORAGE_ACCOUNT string = storage.outputs.name
output VAULT_NAME string = vault.outputs.name
output REGISTRY_NAME string = registry.outputs.name
output REGISTRY_SERVER string = registry.outputs.server
output APP_NAME string = appName
