using AgentSquad.EmbeddedHost.Functions.Configuration;
using AgentSquad.EmbeddedHost.Functions.Discovery;
using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Tests.Functions;

/// <summary>host.json, local.settings.json and what overrides them.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentsquad-config-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void LocalSettings_Values_BecomeSettings()
    {
        var file = Write("local.settings.json", """
            {
              // Comments are fine.
              "IsEncrypted": false,
              "Values": { "Jira__BaseUrl": "https://example.invalid", "Squad:MaxReviewRounds": 4, "Flag": true, "Nothing": null, },
            }
            """);
        var values = HostConfiguration.LocalSettings(file).ToDictionary();
        Assert.Equal("https://example.invalid", values["Jira:BaseUrl"]);
        Assert.Equal("4", values["Squad:MaxReviewRounds"]);
        Assert.Equal("True", values["Flag"]);
        Assert.Equal(3, values.Count);
        Assert.Empty(HostConfiguration.LocalSettings(Path.Combine(_folder, "missing.json")));
    }

    [Fact]
    public void LocalSettings_NotJson_NamesFileAndLine()
    {
        var file = Write("local.settings.json", "{\n  \"Values\": {\n    oops\n");
        var problem = Assert.Throws<HostStartException>(() => HostConfiguration.LocalSettings(file));
        Assert.Contains($"{file} is not valid JSON (line 3)", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sources_CommandLine_SetsPortAndHostAndLeavesTheRestAlone()
    {
        var configuration = new ConfigurationBuilder();
        HostConfiguration.AddSources(configuration, ["-v", "q", "--port", "8080", "--host=0.0.0.0", "stray"]);
        var built = configuration.Build();
        Assert.Equal("8080", built["EmbeddedHost:Port"]);
        Assert.Equal("0.0.0.0", built["EmbeddedHost:Host"]);
    }

    [Fact]
    public async Task KeysFile_HostHasStarted_IsInTheConfigurationForTheApp()
    {
        var file = Path.Combine(_folder, "keys", "of-this-test.json");
        await using var app = await RunningApp.StartAsync(
            [], settings: new Dictionary<string, string?> { ["EmbeddedHost:KeysFile"] = Path.GetRelativePath(Directory.GetCurrentDirectory(), file) });
        Assert.Equal(file, app.Services.GetRequiredService<IConfiguration>()["EmbeddedHost:KeysFile"]);
        Assert.True(File.Exists(file));
    }

    [Fact]
    public void HostJson_FileAndOverride_OverrideWins()
    {
        Write("host.json", """
            {
              "version": "2.0",
              "functionTimeout": "-1",
              "logging": { "logLevel": { "default": "Warning" } },
              "extensions": {
                "durableTask": { "hubName": "%HUB%", "maxConcurrentOrchestratorFunctions": 5, "storageProvider": { "connectionName": "HubStorage" }, "maxConcurrentActivityFunctions": 3, "throwStatusExceptionsOnRaiseEvent": false, "defaultVersion": "2.1", "versionMatchStrategy": "Strict", "versionFailureStrategy": "Fail", "httpSettings": { "defaultAsyncRequestSleepTimeMilliseconds": 500 }, "tracing": { "traceInputsAndOutputs": true } },
                "queues": { "batchSize": 8, "messageEncoding": "none" },
                "http": { "routePrefix": "/v1/" }
              },
              "aggregator": { "batchSize": 1 }
            }
            """);
        var settings = HostSettings.Load(Settings(
            ("HUB", "FromSetting"), ("AzureFunctionsJobHost:extensions:durableTask:maxConcurrentActivityFunctions", "7")));
        Assert.Equal("FromSettingEmbedded", settings.HubName);
        Assert.Equal(7, settings.MaxConcurrentActivities);
        Assert.False(settings.ThrowOnRaiseEvent);
        Assert.Equal(new OrchestrationVersions { Default = "2.1", Match = VersionMatch.Strict, OnMismatch = VersionMismatch.Fail }, settings.Versions);
        Assert.Equal(TimeSpan.FromMilliseconds(500), settings.HttpPollingInterval);
        Assert.Equal(8, settings.Queues.BatchSize);
        Assert.Equal(4, settings.Queues.NewBatchThreshold);
        Assert.False(settings.Queues.IsBase64);
        Assert.Equal("v1", settings.Http.RoutePrefix);
        Assert.Null(settings.FunctionTimeout);
        Assert.Equal(["aggregator.batchSize", "extensions.durableTask.tracing.traceInputsAndOutputs"], settings.Unsupported);
    }

    [Fact]
    public void HostJson_LogLevels_AreHonouredPerCategory()
    {
        var builder = FunctionsApplication.CreateBuilder(
            ["--AzureFunctionsJobHost:logging:logLevel:Quiet=None", "--AzureFunctionsJobHost:logging:logLevel:Chatty=Debug"]);
        builder.Services.AddSingleton(new FunctionSource([]));
        using var host = builder.Build();
        var loggers = host.Services.GetRequiredService<ILoggerFactory>();

        Assert.False(loggers.CreateLogger("Quiet.Function").IsEnabled(LogLevel.Critical));
        Assert.True(loggers.CreateLogger("Chatty.Function").IsEnabled(LogLevel.Debug));
        Assert.False(loggers.CreateLogger("Other").IsEnabled(LogLevel.Debug));
        Assert.True(loggers.CreateLogger("Other").IsEnabled(LogLevel.Information));
    }

    [Fact]
    public void HostJson_Missing_IsAllDefaults()
    {
        var settings = HostSettings.Load(Settings());
        Assert.Equal("TestHubNameEmbedded", settings.HubName);
        Assert.Equal("api", settings.Http.RoutePrefix);
        Assert.Equal(TimeSpan.FromMinutes(30), settings.FunctionTimeout);
        Assert.Empty(settings.Unsupported);
    }

    [Fact]
    public void HostJson_NotJson_NamesFileAndLine()
    {
        var file = Write("host.json", "{ \"version\": }");
        var problem = Assert.Throws<HostStartException>(() => HostSettings.Load(Settings()));
        Assert.Contains($"{file} is not valid JSON (line 1)", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Account_NotSet_NamesTheSetting()
    {
        var connections = new StorageConnections(Settings(("Empty:other", "x")));
        Assert.NotNull(connections.Account("AzureWebJobsStorage"));
        foreach (var name in (string[])["Nowhere", "Empty"])
        {
            var problem = Assert.Throws<HostStartException>(() => connections.Account(name));
            Assert.Contains($"'{name}'", problem.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Account_IdentityBased_HasTheServicesOfItsAccount()
    {
        var connections = new StorageConnections(Settings(
            ("Main:accountName", "acme"), ("Main:credential", "managedidentity"), ("Main:clientId", "00000000-0000-0000-0000-000000000001"),
            ("AzureWebJobsOther:queueServiceUri", "https://q.example/x"), ("AzureWebJobsOther:accountName", "acme")));
        var main = connections.Account("Main");
        Assert.Equal("https://acme.blob.core.windows.net/", main.CreateBlobs().Uri.ToString());
        Assert.Equal("https://acme.queue.core.windows.net/", main.CreateQueues().Uri.ToString());
        Assert.Equal("https://acme.table.core.windows.net/", main.CreateTables().Uri.ToString());
        Assert.Equal("https://q.example/x", connections.Account("Other").CreateQueues().Uri.ToString());
    }

    private IConfiguration Settings(params (string Name, string Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(value => KeyValuePair.Create<string, string?>(value.Name, value.Value)))
        .AddInMemoryCollection([KeyValuePair.Create<string, string?>(HostConfiguration.RootSetting, _folder)])
        .Build();

    private string Write(string name, string content)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, content);
        return file;
    }
}
