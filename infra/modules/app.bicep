// The function app on Flex Consumption, .NET 10 isolated. Every connection is by identity; secrets are vault references.
param location string
param tags object
param token string
param identityId string
param identityClientId string
param principalId string
param storageName string
param deploymentContainer string
param vaultName string
param applicationInsightsName string
param workspaceId string
param jiraBaseUrl string
param jiraEmail string
param triggerLabel string
param runRetentionDays int
param agentsProvider string
param agentsModel string
param agentsEndpoint string
param schedulerEndpoint string
param schedulerTaskHub string
param maximumInstanceCount int
param instanceMemoryMB int

// Monitoring Metrics Publisher: Application Insights accepts telemetry from this identity only.
var metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: storageName
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: vaultName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan-${token}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

var reference = '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/{0})'

var settings = union(
  {
    AzureWebJobsStorage__accountName: storage.name
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identityClientId
    AZURE_CLIENT_ID: identityClientId
    APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
    Jira__BaseUrl: jiraBaseUrl
    Jira__Email: jiraEmail
    Jira__ApiToken: format(reference, 'JiraApiToken')
    Jira__WebhookSecret: format(reference, 'JiraWebhookSecret')
    Squad__TriggerLabel: triggerLabel
    Squad__Retention__Runs: '${runRetentionDays}.00:00:00'
    // A host.json setting, made here because the embedded host has no such thing: telemetry of the host by OpenTelemetry.
    AzureFunctionsJobHost__telemetryMode: 'OpenTelemetry'
    Agents__Provider: agentsProvider
  },
  agentsProvider == 'Offline' ? {} : {
    Agents__Model: agentsModel
    Agents__ApiKey: format(reference, 'AgentsApiKey')
  },
  agentsProvider == 'Offline' || empty(agentsEndpoint) ? {} : {
    Agents__Endpoint: agentsEndpoint
  },
  empty(schedulerEndpoint) ? {} : {
    DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${schedulerEndpoint};Authentication=ManagedIdentity;ClientID=${identityClientId}'
    // The provider is a host.json setting; this is how an environment overrides host.json.
    AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'azureManaged'
    AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
    AzureFunctionsJobHost__extensions__durableTask__hubName: schedulerTaskHub
  }
)

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: 'func-${token}'
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    clientAffinityEnabled: false
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
    }
    functionAppConfig: {
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: {
        maximumInstanceCount: maximumInstanceCount
        instanceMemoryMB: instanceMemoryMB
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}${deploymentContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: settings
  }

  resource ftpPasswords 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scmPasswords 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

resource telemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, principalId, metricsPublisher)
  scope: insights
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', metricsPublisher)
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: app
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'FunctionAppLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output name string = app.name
output baseUrl string = 'https://${app.properties.defaultHostName}'
