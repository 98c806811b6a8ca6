using AgentSquad.Cli.LocalSystem;

namespace AgentSquad.Cli.Tests.LocalSystem;

public sealed class NodeRuntimeTests
{
    [Theory]
    [InlineData("v20.20.2\n", 20)]
    [InlineData("v9.11.2", 9)]
    [InlineData("node: bad option", 0)]
    [InlineData("", 0)]
    public void MajorVersion_Output_IsRead(string output, int expected) => Assert.Equal(expected, NodeRuntime.MajorVersion(output));

    [Fact]
    public void ConnectionString_ReadyLines_NamesAllServices()
    {
        var connection = Azurite.ConnectionString(
        [
            "Azurite Blob service is successfully listening at http://127.0.0.1:1",
            "Azurite Queue service is successfully listening at http://127.0.0.1:2",
            "Azurite Table service is successfully listening at http://127.0.0.1:3",
        ]);

        Assert.Contains("BlobEndpoint=http://127.0.0.1:1/devstoreaccount1;", connection, StringComparison.Ordinal);
        Assert.Contains("QueueEndpoint=http://127.0.0.1:2/devstoreaccount1;", connection, StringComparison.Ordinal);
        Assert.Contains("TableEndpoint=http://127.0.0.1:3/devstoreaccount1;", connection, StringComparison.Ordinal);
    }
}
