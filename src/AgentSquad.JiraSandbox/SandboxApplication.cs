using AgentSquad.JiraSandbox.Actions;
using AgentSquad.JiraSandbox.Admin;
using AgentSquad.JiraSandbox.Configuration;
using AgentSquad.JiraSandbox.Confluence;
using AgentSquad.JiraSandbox.Faults;
using AgentSquad.JiraSandbox.Pages;
using AgentSquad.JiraSandbox.Rest;
using AgentSquad.JiraSandbox.Site;
using AgentSquad.JiraSandbox.Webhooks;

namespace AgentSquad.JiraSandbox;

/// <summary>Puts the sandbox together; the tests start it the same way.</summary>
internal static class SandboxApplication
{
    /// <summary>Builds the application.</summary>
    /// <param name="arguments"><c>--port N</c> (default 8085; 0 takes a free one), <c>--host ADDR</c> (default 127.0.0.1); the rest goes to the configuration.</param>
    /// <param name="settings">Settings that win over the environment; for tests.</param>
    public static WebApplication Build(string[] arguments, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = arguments, ContentRootPath = AppContext.BaseDirectory });
        if (settings is not null) builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls($"http://{builder.Configuration["host"] ?? "127.0.0.1"}:{builder.Configuration["port"] ?? "8085"}");

        builder.Services.AddOptions<SandboxOptions>()
            .BindConfiguration(SandboxOptions.Section)
            .PostConfigure(SandboxUserOptions.ApplyDefaults)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<SiteStore>();
        builder.Services.AddSingleton<SiteAddress>();
        builder.Services.AddSingleton<SiteActionsFactory>();
        builder.Services.AddSingleton<WebhookOutbox>();
        builder.Services.AddSingleton<RequestLog>();
        builder.Services.AddSingleton<FaultBoard>();
        builder.Services.AddHostedService<SiteSaver>();
        builder.Services.AddHostedService<WebhookWorker>();

        var app = builder.Build();
        app.UseMiddleware<RequestRecorder>();
        app.UseMiddleware<Gateway>();
        app.UseMiddleware<FaultInjection>();
        app.UseMiddleware<Authentication>();
        app.UseRouting();
        app.MapRestApi();
        app.MapConfluence();
        app.MapAdmin();
        app.MapPages();
        return app;
    }
}
