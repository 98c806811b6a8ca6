using AgentSquad.JiraSandbox;
using AgentSquad.JiraSandbox.Rest;
using Microsoft.Extensions.Options;

WebApplication app;
try
{
    app = SandboxApplication.Build(args);
    await app.StartAsync();
}
catch (IOException exception)
{
    await Console.Error.WriteLineAsync($"The Jira sandbox cannot listen: {exception.Message} Choose another port with --port N.");
    return 1;
}
catch (Exception exception) when (exception is InvalidOperationException or OptionsValidationException or FormatException)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}

Console.WriteLine($"Jira sandbox listening on {app.Services.GetRequiredService<SiteAddress>().BoundUrl}");
await app.WaitForShutdownAsync();
await app.DisposeAsync();
return 0;
