using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>The functions that generated workflows are made of.</summary>
internal static class RandomWorkflowFunctions
{
    public static TestFunctions Create()
    {
        var failures = new ConcurrentDictionary<string, int>();
        return new TestFunctions()
            .Orchestrator("Run", Program.RunAsync)
            .Activity("Mix", input =>
            {
                var values = JsonSerializer.Deserialize<long[]>(input!)!;
                return unchecked((values[0] * 31) + values[1]);
            })
            .Activity("Flaky", input =>
            {
                var flaky = JsonSerializer.Deserialize<FlakyInput>(input!)!;
                if (failures.AddOrUpdate(flaky.Key, 1, (_, count) => count + 1) <= flaky.Failures) throw new InvalidOperationException("not yet");
                return null;
            })
            .Activity("Large", input => new string('x', int.Parse(input!, CultureInfo.InvariantCulture)))
            .Activity("Broken", _ => throw new InvalidOperationException("never"));
    }
}
