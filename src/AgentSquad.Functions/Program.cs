using AgentSquad.Agents;
using AgentSquad.Atlassian.Confluence;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Functions.Api;
using AgentSquad.Functions.Budgets;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Intake;
using AgentSquad.Functions.Storage;
using AgentSquad.Functions.Telemetry;
using AgentSquad.Functions.Webhook;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

DotEnvFile.Load();
var builder = FunctionsApplication.CreateBuilder(args);

// One line for each request and each try of it would bury what happens to tickets.
builder.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning).AddFilter("Polly", LogLevel.Warning);
builder.Services.AddSquadOptions(builder.Configuration);
builder.Services.AddJira(builder.Configuration);
builder.Services.AddConfluence(builder.Configuration);
builder.Services.AddSecretGuard(builder.Configuration);
builder.Services.AddSquadAgents(builder.Configuration);
builder.Services.AddSquadStorage();
builder.Services.AddSquadBudgets();
builder.Services.AddWebhook();
builder.Services.AddIntake();
builder.Services.AddActivities();
builder.Services.AddTicketApi();

try
{
    builder.Services.AddSquadTelemetry(builder.Configuration);
    await builder.Build().RunAsync();
    return 0;
}
catch (OptionsValidationException e)
{
    // A wrong setting is the reader's to mend; a stack trace would hide which.
    foreach (var failure in e.Failures) await Console.Error.WriteLineAsync(failure);
    return 1;
}
