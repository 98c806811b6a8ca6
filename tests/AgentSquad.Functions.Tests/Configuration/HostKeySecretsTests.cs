using AgentSquad.Functions.Configuration;

namespace AgentSquad.Functions.Tests.Configuration;

public sealed class HostKeySecretsTests
{
    [Fact]
    public void Read_FileOfTheHost_IsReadWhenItIsThere()
    {
        var path = Path.GetTempFileName();
        try
        {
            Assert.Null(HostKeySecrets.Read(path));
            File.WriteAllText(path, """{"masterKey":"m-1","functionKeys":{"default":"f-1"},"systemKeys":{"durabletask_extension":"s-1"}}""");
            Assert.Equal(["m-1", "f-1", "s-1"], HostKeySecrets.Read(path)!);
            Assert.Null(HostKeySecrets.Read(path + ".none"));
            Assert.Null(HostKeySecrets.Read(null));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
