using AgentSquad.JiraSandbox.Tests.Support;

namespace AgentSquad.JiraSandbox.Tests.Site;

public sealed class PersistenceTests
{
    [Fact]
    public async Task Restart_WithDataFile_KeepsTicketsAndComments()
    {
        var file = Path.Combine(Path.GetTempPath(), $"sandbox-{Guid.NewGuid():N}", "site.json");
        string key;
        await using (var first = await Sandbox.StartAsync(("Sandbox__DataFile", file)))
        {
            key = await first.CreateAsync("kept", "label");
            await first.Bot.SendJsonAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/comment", Adf.Comment("kept too"));
        }

        await using (var second = await Sandbox.StartAsync(("Sandbox__DataFile", file)))
        {
            var fields = (await second.Bot.ReadAsync($"/rest/api/3/issue/{key}")).Json["fields"]!;
            Assert.Equal("kept", fields["summary"]!.GetValue<string>());
            Assert.Equal("kept too", fields["comment"]!["comments"]![0]!["body"]!["content"]![0]!["content"]![0]!["text"]!.GetValue<string>());
            Assert.Equal("TEST-2", await second.CreateAsync());
        }

        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Fact]
    public async Task Start_DamagedDataFile_SaysWhichAndWhatToDo()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "{nonsense");

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => Sandbox.StartAsync(("Sandbox__DataFile", file)));

        Assert.Contains(file, exception.Message, StringComparison.Ordinal);
        Assert.Contains("Sandbox__DataFile", exception.Message, StringComparison.Ordinal);
        File.Delete(file);
    }
}
