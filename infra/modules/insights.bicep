// Takes in traces and metrics. The bot sends them with the connection string alone, so local authentication stays on: whoever knows
// the string could send false figures with it, and read nothing. Only who may read the settings of the container app sees it.

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
    DisableLocalAuth: false
  }
}

output connectionString string = insights.properties.ConnectionString
