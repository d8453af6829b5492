// Takes in traces and metrics, from the identity of the bot alone: the connection string says where to, and lets nobody in.

@description('Name of the component.')
param name string

param location string

@description('Resource id of the workspace that keeps it.')
param workspaceId string

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: name
  location: location
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspaceId
    IngestionMode: 'LogAnalytics'
    DisableIpMasking: false
    DisableLocalAuth: true
  }
}

output name string = insights.name

output connectionString string = insights.properties.ConnectionString
