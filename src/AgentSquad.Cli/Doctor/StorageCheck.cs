using AgentSquad.Atlassian.Diagnostics;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Settings;
using Azure;
using Azure.Core;
using Azure.Storage.Queues;

namespace AgentSquad.Cli.Doctor;

/// <summary>The storage account, and whether events ended on the poison queue.</summary>
internal sealed class StorageCheck(SquadSettings settings, SystemFile? system, TimeSpan patience)
{
    private const string Check = "storage.account";
    private const string Setting = "AzureWebJobsStorage";
    private const string Development = "UseDevelopmentStorage=true";
    private const string PoisonQueue = "jira-events-poison";

    /// <summary>The checks.</summary>
    public IEnumerable<DiagnosticCheck> Checks => [new(Check, "Asking storage", RunAsync)];

    private async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellation)
    {
        var connection = system?.Storage ?? settings.FindText(Setting);
        if (connection is null && settings.StartingWith(Setting + "__").Any(pair => !string.IsNullOrWhiteSpace(pair.Value)))
        {
            return [Finding.Ok(Check, "Storage is reached with the app's own identity, which only the app can try: look at its /api/health.", Setting + "__accountName")];
        }

        connection ??= Development;
        try
        {
            var client = new QueueServiceClient(connection, Impatient());
            var poison = client.GetQueueClient(PoisonQueue);
            var waiting = await poison.ExistsAsync(cancellation) ? (await poison.GetPropertiesAsync(cancellation)).Value.ApproximateMessagesCount : 0;
            var reached = Finding.Ok(Check, $"Storage answers at {client.Uri.GetLeftPart(UriPartial.Authority)}.", Setting);
            return waiting == 0
                ? [reached]
                : [reached, Finding.Warning("storage.poison", $"{waiting} events could not be processed and wait on {PoisonQueue}.", "Look at them with 'squad poison list', mend the cause, then 'squad poison redrive'.")];
        }
        catch (FormatException)
        {
            return [Finding.Error(Check, $"{Setting} is no connection string.", $"Set it to {Development}, or to the one that the Azure portal shows under Access keys.", Setting)];
        }
        catch (RequestFailedException error) when (error.Status is 401 or 403)
        {
            return [Finding.Error(Check, $"Storage refuses the key ({error.Status}, {error.ErrorCode}).", "Copy the connection string again; a clock that is more than 15 minutes off is refused as well.", Setting)];
        }
        catch (Exception error) when (error is RequestFailedException or AggregateException or HttpRequestException or TaskCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return connection.StartsWith("UseDevelopmentStorage", StringComparison.OrdinalIgnoreCase)
                ? [Finding.Ok(Check, "No Azurite runs on its usual ports; 'squad up' starts one of its own.", Setting)]
                : [Finding.Error(Check, "Storage does not answer.", "Check the account's name in the connection string, its firewall, and this machine's network.", Setting)];
        }
    }

    private QueueClientOptions Impatient()
    {
        var options = new QueueClientOptions();
        options.Retry.MaxRetries = 0;
        options.Retry.Mode = RetryMode.Fixed;
        options.Retry.NetworkTimeout = patience;
        return options;
    }
}
