using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.TaskHub;

namespace AgentSquad.EmbeddedHost.Orchestration.State;

/// <summary>Stored form of the whole state.</summary>
internal static class CheckpointCodec
{
    private const byte Version = 1;

    /// <summary>What a checkpoint of the state as it is now consists of; histories, which are the most of it, are only referred to.</summary>
    public static CheckpointSnapshot Take(HubState state)
    {
        var snapshot = new CheckpointSnapshot();
        snapshot.Add(writer =>
        {
            writer.Byte(Version);
            writer.UInt((ulong)state.LastMessageId);
            writer.UInt((ulong)state.Garbage.Count);
            foreach (var blob in state.Garbage) writer.Text(blob);
        });
        foreach (var instance in state.Instances) snapshot.Add(instance);
        snapshot.Add(writer => writer.Bool(false));
        return snapshot;
    }

    public static void Read(ReadOnlySpan<byte> content, HubState state)
    {
        var reader = new ByteReader(content);
        var version = reader.Byte();
        if (version != Version)
        {
            throw new TaskHubCorruptException(
                $"The task hub's checkpoint has format {version}; this version reads format {Version}. Run the version that wrote it.");
        }

        state.SawMessage((long)reader.UInt());
        for (var left = reader.Count(); left > 0; left--) state.Garbage.Add(reader.RequiredText());
        while (reader.Bool()) state.Restore(InstanceCodec.Read(ref reader));
    }
}
