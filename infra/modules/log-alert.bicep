// Asks the workspace every few minutes, and tells people when the answer is beyond the threshold.

@description('Name of the rule.')
param name string

param location string

@description('What people read first.')
param title string

@description('What it means, and what to do about it.')
param description string

@description('0 critical, 1 error, 2 warning.')
@allowed([
  0
  1
  2
])
param severity int

@description('Resource id of the workspace.')
param workspaceId string

@description('Resource id of the group of people.')
param actionGroupId string

@description('In Kusto: gives one row with the column Value.')
param query string

@description('When to tell: the value is greater than the threshold, or less.')
@allowed([
  'GreaterThan'
  'LessThan'
])
param operator string

param threshold int

@description('How far back each question looks.')
param window string = 'PT15M'

resource rule 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: name
  location: location
  kind: 'LogAlert'
  properties: {
    displayName: title
    description: description
    severity: severity
    enabled: true
    scopes: [
      workspaceId
    ]
    evaluationFrequency: 'PT5M'
    windowSize: window
    criteria: {
      allOf: [
        {
          query: query
          timeAggregation: 'Maximum'
          metricMeasureColumn: 'Value'
          operator: operator
          threshold: threshold
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    autoMitigate: true
    // The tables come to be with the first log line, which is after this.
    skipQueryValidation: true
    actions: {
      actionGroups: [
        actionGroupId
      ]
    }
  }
}
