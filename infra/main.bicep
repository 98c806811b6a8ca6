// Everything AgentSquad needs in Azure: one resource group, a Flex Consumption function app that signs in to its own
// storage with an identity, a key vault for the Jira and model secrets, and alerts.
targetScope = 'subscription'

@description('Name of the environment; part of every resource name.')
@minLength(1)
@maxLength(20)
param environmentName string

@description('Azure region. It must offer Flex Consumption.')
param location string

@description('Base address of the Jira site, such as https://acme.atlassian.net.')
param jiraBaseUrl string

@description('E-mail address of the account that the squad uses in Jira.')
param jiraEmail string

@description('Label that puts a ticket into the squad\'s hands.')
param triggerLabel string = 'agentsquad'

@description('Language model provider: Offline needs no account and no key.')
@allowed(['Offline', 'OpenAI', 'AzureOpenAI', 'Anthropic', 'OpenAICompatible'])
param agentsProvider string = 'Offline'

@description('Model name for the provider; unused by Offline.')
param agentsModel string = ''

@description('Base address of the model service; AzureOpenAI and OpenAICompatible need one, empty is the provider\'s own.')
param agentsEndpoint string = ''

@description('Where orchestrations keep their state: AzureStorage, or the Durable Task Scheduler as the step after it.')
@allowed(['AzureStorage', 'DurableTaskScheduler'])
param durableBackend string = 'AzureStorage'

@description('SKU of the scheduler; used with durableBackend=DurableTaskScheduler only.')
@allowed(['Consumption', 'Dedicated'])
param schedulerSku string = 'Consumption'

@description('Most instances that the app may scale out to.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Who receives alerts; empty creates the alerts without a receiver.')
param alertEmail string = ''

@description('Hours after which the oldest open run raises an alert; the squad waits for people for 10 days unless told otherwise.')
@minValue(1)
@maxValue(8760)
param oldestRunHours int = 288

@description('Monthly budget of the resource group in the currency of the subscription; 0 for none.')
@minValue(0)
param monthlyBudget int = 0

@description('Start of the budget: the first day of a month. The default is the current one; a later deployment must name the first one again.')
param budgetStart string = utcNow('yyyy-MM-01')

@description('Days that ended runs are kept before they are purged; 0 keeps them for ever.')
@minValue(0)
@maxValue(3650)
param runRetentionDays int = 90

@description('Days that logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

var tags = { 'azd-env-name': environmentName }
var token = toLower(uniqueString(subscription().id, environmentName, location))

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    retentionDays: logRetentionDays
  }
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    workspaceId: monitoring.outputs.workspaceId
    principalId: identity.outputs.principalId
  }
}

module vault 'modules/vault.bicep' = {
  name: 'vault'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    workspaceId: monitoring.outputs.workspaceId
    principalId: identity.outputs.principalId
  }
}

module scheduler 'modules/scheduler.bicep' = if (durableBackend == 'DurableTaskScheduler') {
  name: 'scheduler'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    sku: schedulerSku
    principalId: identity.outputs.principalId
  }
}

module app 'modules/app.bicep' = {
  name: 'app'
  scope: group
  params: {
    location: location
    tags: union(tags, { 'azd-service-name': 'functions' })
    token: token
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    principalId: identity.outputs.principalId
    storageName: storage.outputs.name
    deploymentContainer: storage.outputs.deploymentContainer
    vaultName: vault.outputs.name
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    workspaceId: monitoring.outputs.workspaceId
    jiraBaseUrl: jiraBaseUrl
    jiraEmail: jiraEmail
    triggerLabel: triggerLabel
    runRetentionDays: runRetentionDays
    agentsProvider: agentsProvider
    agentsModel: agentsModel
    agentsEndpoint: agentsEndpoint
    // Null-forgiving is right here: the module exists exactly when the backend says so.
    schedulerEndpoint: durableBackend == 'DurableTaskScheduler' ? scheduler!.outputs.endpoint : ''
    schedulerTaskHub: durableBackend == 'DurableTaskScheduler' ? scheduler!.outputs.taskHub : ''
    maximumInstanceCount: maximumInstanceCount
    instanceMemoryMB: instanceMemoryMB
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    storageName: storage.outputs.name
    workspaceId: monitoring.outputs.workspaceId
    email: alertEmail
    oldestRunHours: oldestRunHours
  }
}

module budget 'modules/budget.bicep' = if (monthlyBudget > 0) {
  name: 'budget'
  scope: group
  params: {
    amount: monthlyBudget
    receiversId: alerts.outputs.receiversId
    start: budgetStart
  }
}

@description('Address that the Jira webhook is set to.')
output webhookUrl string = '${app.outputs.baseUrl}/api/jira/webhook'

@description('Key vault that takes the secrets JiraApiToken, JiraWebhookSecret and, with a model, AgentsApiKey.')
output keyVaultName string = vault.outputs.name

@description('Name of the function app.')
output functionAppName string = app.outputs.name
