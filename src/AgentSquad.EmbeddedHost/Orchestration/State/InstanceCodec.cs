using AgentSquad.EmbeddedHost.Orchestration.History;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Orchestration.State;

/// <summary>Stored form of an instance: its head alone where it starts, all of it in checkpoints and archives.</summary>
internal static class InstanceCodec
{
    public static void WriteHead(ByteWriter writer, Instance instance)
    {
        writer.Text(instance.Id);
        writer.Text(instance.ExecutionId);
        writer.Text(instance.Name);
        writer.Text(instance.Version);
        writer.Time(instance.CreatedAt);
        writer.OptionalTime(instance.StartAt);
        HistoryCodec.Write(writer, instance.Input);
        writer.Bool(instance.Parent is not null);
        if (instance.Parent is { } parent)
        {
            writer.Text(parent.Name);
            writer.Text(parent.InstanceId);
            writer.Text(parent.ExecutionId);
            writer.UInt((ulong)parent.TaskId);
        }

        writer.UInt((ulong)(instance.Tags?.Count ?? 0));
        foreach (var (key, value) in instance.Tags ?? new Dictionary<string, string>())
        {
            writer.Text(key);
            writer.Text(value);
        }
    }

    public static Instance ReadHead(ref ByteReader reader)
    {
        var id = reader.RequiredText();
        var executionId = reader.RequiredText();
        var name = reader.RequiredText();
        var version = reader.Text();
        var createdAt = reader.Time();
        var startAt = reader.OptionalTime();
        var input = HistoryCodec.ReadPayload(ref reader);
        var parent = reader.Bool()
            ? new ParentLink(reader.RequiredText(), reader.RequiredText(), reader.RequiredText(), reader.Count())
            : null;
        return new Instance
        {
            Id = id,
            ExecutionId = executionId,
            Name = name,
            Version = version,
            CreatedAt = createdAt,
            LastUpdatedAt = createdAt,
            StartAt = startAt,
            Input = input,
            Parent = parent,
            Tags = ReadTags(ref reader),
        };
    }

    public static void Write(ByteWriter writer, Instance instance)
    {
        WriteBeforeHistory(writer, instance);
        writer.Bytes(instance.History.Plain);
        WriteAfterHistory(writer, instance);
    }

    /// <summary>What comes before the history and its length.</summary>
    public static void WriteBeforeHistory(ByteWriter writer, Instance instance)
    {
        WriteHead(writer, instance);
        writer.Byte((byte)instance.Status);
        writer.Bool(instance.HasBegun);
        writer.Time(instance.LastUpdatedAt);
        writer.OptionalTime(instance.CompletedAt);
        HistoryCodec.Write(writer, instance.Output);
        HistoryCodec.Write(writer, instance.CustomStatus);
        HistoryCodec.WriteOptional(writer, instance.Failure);
    }

    /// <summary>What comes after the history.</summary>
    public static void WriteAfterHistory(ByteWriter writer, Instance instance)
    {
        writer.UInt((ulong)instance.Pending.Count);
        foreach (var call in instance.Pending.All) HistoryCodec.Write(writer, call);

        writer.UInt((ulong)instance.Inbox.Count);
        foreach (var message in instance.Inbox)
        {
            writer.UInt((ulong)message.Id);
            HistoryCodec.Write(writer, message.Event);
        }

        writer.UInt((ulong)(instance.Blobs?.Count ?? 0));
        foreach (var blob in instance.Blobs ?? []) writer.Text(blob);

        writer.Bool(instance.Archive is not null);
        if (instance.Archive is { } archive)
        {
            writer.Text(archive.Blob);
            writer.UInt((ulong)archive.Offset);
            writer.UInt((ulong)archive.Length);
        }
    }

    public static Instance Read(ref ByteReader reader)
    {
        var instance = ReadHead(ref reader);
        instance.IsStartLogged = true;
        instance.Status = (OrchestrationRuntimeStatus)reader.Byte();
        instance.HasBegun = reader.Bool();
        instance.LastUpdatedAt = reader.Time();
        instance.CompletedAt = reader.OptionalTime();
        instance.Output = HistoryCodec.ReadPayload(ref reader);
        instance.CustomStatus = HistoryCodec.ReadPayload(ref reader);
        instance.Failure = HistoryCodec.ReadOptionalFailure(ref reader);
        instance.History.Append(reader.Bytes());

        for (var left = reader.Count(); left > 0; left--) instance.Pending.Add(HistoryCodec.Read(ref reader));
        for (var left = reader.Count(); left > 0; left--)
        {
            var id = (long)reader.UInt();
            instance.Inbox.Add(new Message(id, HistoryCodec.Read(ref reader)) { IsLogged = true });
        }

        for (var left = reader.Count(); left > 0; left--) (instance.Blobs ??= new HashSet<string>(StringComparer.Ordinal)).Add(reader.RequiredText());
        if (reader.Bool()) instance.Archive = new ArchiveLocation(reader.RequiredText(), reader.Count(), reader.Count());
        return instance;
    }

    /// <summary>A copy of all that is stored of an instance.</summary>
    public static Instance Copy(Instance instance)
    {
        var writer = new ByteWriter();
        Write(writer, instance);
        var reader = new ByteReader(writer.ToArray());
        return Read(ref reader);
    }

    private static Dictionary<string, string>? ReadTags(ref ByteReader reader)
    {
        var count = reader.Count();
        if (count == 0) return null;
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        for (; count > 0; count--) tags[reader.RequiredText()] = reader.RequiredText();
        return tags;
    }
}
