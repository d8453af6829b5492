// What people are told of. Metrics are those of src/telemetry, events those of src/log.ts; a test compares them. Each row of a gauge is
// one measurement, which comes as its Sum: the exporter sends Min and Max of distributions alone.

@description('Begins the names of the rules.')
param baseName string

param location string

@description('Resource id of the workspace.')
param workspaceId string

@description('Resource id of the group of people.')
param actionGroupId string

module deliveryLate 'log-alert.bicep' = {
  name: 'alert-delivery-late'
  params: {
    name: '${baseName}-delivery-late'
    location: location
    title: 'Policy Desk: a message has been owed for more than 10 minutes'
    description: 'Somebody is waiting for a message that cannot be sent. See docs/troubleshooting.md.'
    severity: 1
    workspaceId: workspaceId
    actionGroupId: actionGroupId
    query: '''
AppMetrics
| where Name == "policydesk.delivery.oldest_owed"
| summarize Value = max(Sum)
'''
    operator: 'GreaterThan'
    threshold: 600
  }
}

module poison 'log-alert.bicep' = {
  name: 'alert-poison'
  params: {
    name: '${baseName}-poison'
    location: location
    title: 'Policy Desk: a message was set aside or given up'
    description: 'It lies in the queue deliveries-poison, or nobody could be reached. See docs/troubleshooting.md.'
    severity: 1
    workspaceId: workspaceId
    actionGroupId: actionGroupId
    query: '''
ContainerAppConsoleLogs
| where Log has "delivery.poison" or Log has "delivery.given_up"
| extend Line = parse_json(Log)
| where Line.level == "error" and Line.event in ("delivery.poison", "delivery.given_up")
| summarize Value = count()
'''
    operator: 'GreaterThan'
    threshold: 0
  }
}

module notReady 'log-alert.bicep' = {
  name: 'alert-not-ready'
  params: {
    name: '${baseName}-not-ready'
    location: location
    title: 'Policy Desk: it is not ready, or silent'
    description: 'No copy of the bot has said for 15 minutes that it can do its work. See docs/troubleshooting.md.'
    severity: 0
    workspaceId: workspaceId
    actionGroupId: actionGroupId
    query: '''
AppMetrics
| where Name == "policydesk.ready" and Sum >= 1
| summarize Value = count()
'''
    operator: 'LessThan'
    threshold: 1
  }
}

// Reminders are sent by the sweep "cases". Each runs every minute, and "retention" every hour: late is ten minutes, or two hours.
module sweepsLate 'log-alert.bicep' = {
  name: 'alert-sweeps-late'
  params: {
    name: '${baseName}-sweeps-late'
    location: location
    title: 'Policy Desk: reminders, summaries or deletions are late'
    description: 'A sweep that should run each minute has not got through for 10 minutes, or the hourly one for two hours. See docs/troubleshooting.md.'
    severity: 1
    workspaceId: workspaceId
    actionGroupId: actionGroupId
    query: '''
AppMetrics
| where Name == "policydesk.sweep.last_run_age"
| extend Sweep = tostring(Properties.sweep)
| summarize Age = min(Sum) by Sweep
| summarize Value = max(Age / iff(Sweep == "retention", 7200.0, 600.0))
'''
    window: 'PT10M'
    operator: 'GreaterThan'
    threshold: 1
  }
}
