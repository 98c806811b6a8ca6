// Alerts: what the platform measures, and what the app's watch line says (src/AgentSquad.Functions/Maintenance/Watch.cs). Each has its
// runbook in docs/operations.md under the same name.
param location string
param tags object
param token string
param storageName string
param workspaceId string
param email string

@description('Hours after which the oldest open run is worth a look. The squad gives up waiting for people after 10 days unless told otherwise.')
param oldestRunHours int

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: storageName
}

resource receivers 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${token}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'agentsquad'
    emailReceivers: empty(email) ? [] : [{ name: 'operators', emailAddress: email, useCommonAlertSchema: true }]
  }
}

// The intake must not pile up. The queue service publishes its message count once an hour.
resource backlog 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'alert-intake-backlog-${token}'
  location: 'global'
  tags: tags
  properties: {
    description: 'More than a thousand messages wait on the queues of this account.'
    severity: 2
    enabled: true
    scopes: ['${storage.id}/queueServices/default']
    evaluationFrequency: 'PT1H'
    windowSize: 'PT1H'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'messages'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.Storage/storageAccounts/queueServices'
          metricName: 'QueueMessageCount'
          operator: 'GreaterThan'
          threshold: 1000
          timeAggregation: 'Average'
        }
      ]
    }
    actions: [{ actionGroupId: receivers.id }]
  }
}

// Log levels go to different tables on different telemetry paths; the words of the line do not.
var watch = '''
union isfuzzy=true AppTraces, FunctionAppLogs
| where Message startswith "Watch: "
| parse Message with "Watch: poison " Poison:long ", queued " Queued:long ", failed " Failed:long " in the last hour, open " Open:long ", oldest open " OldestHours:long " hours"
'''

var looks = [
  {
    name: 'poison-queue'
    description: 'Events that the app gave up on wait in jira-events-poison.'
    severity: 1
    query: '${watch}| where Poison > 0'
    none: false
  }
  {
    name: 'failed-runs'
    description: 'Runs have failed within the last hour.'
    severity: 2
    query: '${watch}| where Failed > 0'
    none: false
  }
  {
    name: 'oldest-run'
    description: 'The oldest open run is older than ${oldestRunHours} hours.'
    severity: 3
    query: '${watch}| where OldestHours > ${oldestRunHours}'
    none: false
  }
  {
    name: 'no-watch'
    description: 'The app has said nothing for an hour: it does not run, or its telemetry does not arrive.'
    severity: 1
    query: watch
    none: true
  }
]

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for look in looks: {
  name: 'alert-${look.name}-${token}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: look.name
    description: look.description
    severity: look.severity
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT1H'
    // The tables appear with the first line that arrives.
    skipQueryValidation: true
    autoMitigate: true
    criteria: {
      allOf: [
        {
          query: look.query
          timeAggregation: 'Count'
          operator: look.none ? 'LessThan' : 'GreaterThan'
          threshold: look.none ? 1 : 0
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: [receivers.id] }
  }
}]

output receiversId string = receivers.id
