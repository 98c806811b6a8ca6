namespace AgentSquad.JiraSandbox.Site;

/// <summary>Saves the site soon after it changed and once more at the end.</summary>
internal sealed class SiteSaver(SiteStore store, ILogger<SiteSaver> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (store.DataFile is null) return;
        var saved = 0L;
        try
        {
            while (true)
            {
                var version = await store.WaitForChangeAsync(saved, stoppingToken);
                await SaveAsync(stoppingToken);
                saved = version;
                await Task.Delay(Pause, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await SaveAsync(CancellationToken.None);
        }
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.SaveAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogError("The data file {File} (Sandbox__DataFile) cannot be written: {Message}", store.DataFile, exception.Message);
        }
    }
}
