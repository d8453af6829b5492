// The bot itself.

@description('Name of the app, and the first part of its address.')
@maxLength(32)
param name string

param location string

@description('Resource id of the environment.')
param environmentId string

@description('Resource id of the identity of the bot.')
param identityId string

param identityClientId string
param identityTenantId string

@description('Address of the registry that the image is in.')
param registryServer string

param image string

@description('Host name at which browsers and Teams reach it.')
param host string

param allowedTenants string

param storageName string
param schoolsContainer string
param queueName string

@description('Address of the vault, with a slash at the end.')
param vaultUri string

param insightsConnection string

param minReplicas int
param maxReplicas int
param cpu string
param memory string
param logLevel string
param azureOpenAiEndpoint string
param azureOpenAiDeployment string

var port = 3978
var schoolsDir = '/var/lib/policy-desk/schools'
var hasModel = azureOpenAiEndpoint != 'none'

var linkSecret = [
  {
    name: 'link-secret'
    keyVaultUrl: '${vaultUri}secrets/link-secret'
    identity: identityId
  }
]

var modelSecret = [
  {
    name: 'azure-openai-key'
    keyVaultUrl: '${vaultUri}secrets/azure-openai-key'
    identity: identityId
  }
]

var variables = [
  {
    name: 'PORT'
    value: string(port)
  }
  {
    name: 'PUBLIC_URL'
    value: 'https://${host}'
  }
  {
    name: 'LINK_SECRET'
    secretRef: 'link-secret'
  }
  {
    name: 'BOT_ID'
    value: identityClientId
  }
  {
    name: 'BOT_TYPE'
    value: 'UserAssignedMSI'
  }
  {
    name: 'BOT_TENANT_ID'
    value: identityTenantId
  }
  {
    name: 'ALLOWED_TENANTS'
    value: allowedTenants
  }
  {
    name: 'STORAGE_ACCOUNT'
    value: storageName
  }
  {
    name: 'SCHOOLS_DIR'
    value: schoolsDir
  }
  {
    name: 'SCHOOLS_CONTAINER'
    value: schoolsContainer
  }
  {
    name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
    value: insightsConnection
  }
  {
    name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'
    value: 'Authorization=AAD;ClientId=${identityClientId}'
  }
  {
    name: 'LOG_LEVEL'
    value: logLevel
  }
]

var modelVariables = [
  {
    name: 'AZURE_OPENAI_ENDPOINT'
    value: azureOpenAiEndpoint
  }
  {
    name: 'AZURE_OPENAI_DEPLOYMENT'
    value: azureOpenAiDeployment
  }
  {
    name: 'AZURE_OPENAI_KEY'
    secretRef: 'azure-openai-key'
  }
]

resource app 'Microsoft.App/containerApps@2025-01-01' = {
  name: name
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    environmentId: environmentId
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        targetPort: port
        transport: 'http'
        allowInsecure: false
      }
      registries: [
        {
          server: registryServer
          identity: identityId
        }
      ]
      secrets: concat(linkSecret, hasModel ? modelSecret : [])
    }
    template: {
      // What is under way gets 10 s to finish (src/web/server.ts), and deliveries some more.
      terminationGracePeriodSeconds: 60
      containers: [
        {
          name: 'policy-desk'
          image: image
          env: concat(variables, hasModel ? modelVariables : [])
          resources: {
            cpu: json(cpu)
            memory: memory
          }
          probes: [
            {
              type: 'Startup'
              httpGet: {
                path: '/healthz'
                port: port
              }
              periodSeconds: 5
              timeoutSeconds: 3
              failureThreshold: 24
            }
            {
              type: 'Liveness'
              httpGet: {
                path: '/healthz'
                port: port
              }
              periodSeconds: 20
              timeoutSeconds: 5
              failureThreshold: 3
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/readyz'
                port: port
              }
              periodSeconds: 10
              timeoutSeconds: 5
              failureThreshold: 3
            }
          ]
          volumeMounts: [
            {
              volumeName: 'schools'
              mountPath: schoolsDir
            }
          ]
        }
      ]
      volumes: [
        {
          name: 'schools'
          storageType: 'EmptyDir'
        }
      ]
      scale: {
        minReplicas: minReplicas
        maxReplicas: maxReplicas
        rules: [
          {
            name: 'requests'
            http: {
              metadata: {
                concurrentRequests: '20'
              }
            }
          }
          {
            name: 'deliveries'
            custom: {
              type: 'azure-queue'
              metadata: {
                accountName: storageName
                queueName: queueName
                queueLength: '20'
                queueLengthStrategy: 'visibleonly'
              }
              identity: identityId
            }
          }
        ]
      }
    }
  }
}
