// Alerts on what the platform itself measures.
param tags object
param token string
param storageName string
param email string

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
