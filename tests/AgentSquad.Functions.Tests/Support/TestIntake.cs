using System.Security.Cryptography;
using System.Text;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Intake;
using AgentSquad.Functions.Storage;
using AgentSquad.Functions.Webhook;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Tests.Support;

/// <summary>The intake of one site, given events as the queue would.</summary>
internal sealed class TestIntake
{
    private readonly ProcessJiraEvent _function;
    private readonly IEventQueue _queue;
    private readonly StorageAccount _account;
    private readonly FakeDurableTaskClient _client;

    public TestIntake(StorageAccount account, IInbox inbox, FakeDurableTaskClient client, IEventQueue? queue = null)
    {
        (_account, _client, _queue) = (account, client, queue ?? new EventQueue(account, TimeProvider.System));
        _function = new ProcessJiraEvent(
            _queue, new DeliveryLog(account, TimeProvider.System), inbox,
            new RunStarter(inbox, TimeProvider.System, NullLogger<RunStarter>.Instance),
            new SiteRegistry(Options.Create(new JiraOptions { BaseUrl = TestEvents.Site })), Options.Create(new SquadOptions()),
            NullLogger<ProcessJiraEvent>.Instance);
    }

    public string InstanceId(string issueId) => SiteRegistry.InstanceId(TestEvents.Site, issueId);

    public Task ProcessPackedAsync(params byte[][] bodies) =>
        _function.RunAsync(EventMessage.Pack([.. bodies.Select(body => MessageOf(body, null).Write())]).ToString(), _client, TestRequest.Context());

    public async Task ProcessAsync(byte[] body, string? identifier = null)
    {
        var message = MessageOf(body, identifier);
        if (body.Length > EventQueue.LargestInline)
        {
            await _queue.AddAsync(message, default);
            var queued = (await _account.Queue(StorageNames.EventQueue).ReceiveMessageAsync()).Value;
            await _function.RunAsync(queued.Body.ToString(), _client, TestRequest.Context());
            return;
        }

        await _function.RunAsync(Encoding.UTF8.GetString(message.Write()), _client, TestRequest.Context());
    }

    private static EventMessage MessageOf(byte[] body, string? identifier) =>
        new(Convert.ToHexStringLower(SHA256.HashData(body))[..32], identifier, DateTimeOffset.UtcNow, body, Blob: null);
}
