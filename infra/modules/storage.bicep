// Cases, drafts, evidence, summaries, deliveries and the files of the schools. Nobody reaches it with a key.

@description('Name of the account: 3 to 24 lower-case letters and digits, unlike any other in the world.')
@minLength(3)
@maxLength(24)
param name string

param location string

@description('How data is copied within Azure.')
param sku string

@description('For how many days deleted and overwritten files can be brought back.')
param recoveryDays int

@description('For how many days nobody can delete evidence; 0: it can be deleted.')
param evidenceImmutabilityDays int

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    isLocalUserEnabled: false
    minimumTlsVersion: 'TLS1_2'
    publicNetworkAccess: 'Enabled'
    supportsHttpsTrafficOnly: true
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    isVersioningEnabled: true
    deleteRetentionPolicy: {
      enabled: true
      days: recoveryDays
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: recoveryDays
    }
  }
}

resource evidence 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: blobs
  name: 'evidence'
  properties: {
    publicAccess: 'None'
  }
}

// Unlocked: an administrator can shorten or remove it. Locking it is a step that a person takes, and nobody can take back.
resource evidenceStays 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2024-01-01' = if (evidenceImmutabilityDays > 0) {
  parent: evidence
  name: 'default'
  properties: {
    immutabilityPeriodSinceCreationInDays: evidenceImmutabilityDays
    allowProtectedAppendWrites: false
  }
}

resource summaries 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: blobs
  name: 'summaries'
  properties: {
    publicAccess: 'None'
  }
}

resource schools 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: blobs
  name: 'schools'
  properties: {
    publicAccess: 'None'
  }
}

// What `npm run doctor` tries the account with lies apart from everything else.
resource doctor 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: blobs
  name: 'doctor'
  properties: {
    publicAccess: 'None'
  }
}

// Versions of what was deleted or overwritten go, too, or deleting a case would never be the end of it.
resource ageing 'Microsoft.Storage/storageAccounts/managementPolicies@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'old-versions-go'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: [
                'blockBlob'
              ]
            }
            actions: {
              version: {
                delete: {
                  daysAfterCreationGreaterThan: recoveryDays
                }
              }
            }
          }
        }
      ]
    }
  }
  dependsOn: [
    blobs
  ]
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices@2024-01-01' = {
  parent: account
  name: 'default'
}

resource deliveries 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' = {
  parent: queues
  name: 'deliveries'
}

resource poison 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' = {
  parent: queues
  name: 'deliveries-poison'
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices@2024-01-01' = {
  parent: account
  name: 'default'
}

// The account can only be deleted by somebody who removes this first. It does not hinder the bot's own deleting.
resource stays 'Microsoft.Authorization/locks@2020-05-01' = {
  scope: account
  name: 'holds-cases'
  properties: {
    level: 'CanNotDelete'
    notes: 'Reports and evidence of schools. Read docs/uninstall.md of Policy Desk before you remove this lock.'
  }
}

output name string = account.name
output schoolsContainer string = schools.name
output deliveryQueue string = deliveries.name
