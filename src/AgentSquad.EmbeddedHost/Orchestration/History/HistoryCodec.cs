using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Orchestration.History;

/// <summary>Stored form of history events.</summary>
internal static class HistoryCodec
{
    [Flags]
    private enum Fields
    {
        None = 0,
        EventId = 1,
        TaskScheduledId = 2,
        Name = 4,
        Data = 8,
        Failure = 16,
        FireAt = 32,
        Target = 64,
        Version = 128,
        Status = 256,
        Recursive = 512,
    }

    public static void Write(ByteWriter writer, HistoryEvent item)
    {
        var fields = FieldsOf(item);
        writer.Byte((byte)item.Kind);
        writer.UInt((ulong)fields);
        writer.Time(item.Timestamp);
        if (fields.HasFlag(Fields.EventId)) writer.UInt((ulong)item.EventId);
        if (fields.HasFlag(Fields.TaskScheduledId)) writer.UInt((ulong)item.TaskScheduledId);
        if (fields.HasFlag(Fields.Name)) writer.Text(item.Name);
        if (fields.HasFlag(Fields.Data)) Write(writer, item.Data);
        if (fields.HasFlag(Fields.Failure)) Write(writer, item.Failure!);
        if (fields.HasFlag(Fields.FireAt)) writer.Time(item.FireAt!.Value);
        if (fields.HasFlag(Fields.Target)) writer.Text(item.Target);
        if (fields.HasFlag(Fields.Version)) writer.Text(item.Version);
        if (fields.HasFlag(Fields.Status)) writer.Byte((byte)item.Status);
    }

    public static HistoryEvent Read(ref ByteReader reader)
    {
        var kind = (HistoryEventKind)reader.Byte();
        var fields = (Fields)reader.UInt();
        return new HistoryEvent
        {
            Kind = kind,
            Timestamp = reader.Time(),
            EventId = fields.HasFlag(Fields.EventId) ? reader.Count() : HistoryEvent.NoId,
            TaskScheduledId = fields.HasFlag(Fields.TaskScheduledId) ? reader.Count() : HistoryEvent.NoId,
            Name = fields.HasFlag(Fields.Name) ? reader.Text() : null,
            Data = fields.HasFlag(Fields.Data) ? ReadPayload(ref reader) : Payload.None,
            Failure = fields.HasFlag(Fields.Failure) ? ReadFailure(ref reader) : null,
            FireAt = fields.HasFlag(Fields.FireAt) ? reader.Time() : null,
            Target = fields.HasFlag(Fields.Target) ? reader.Text() : null,
            Version = fields.HasFlag(Fields.Version) ? reader.Text() : null,
            Status = fields.HasFlag(Fields.Status) ? (OrchestrationRuntimeStatus)reader.Byte() : default,
            Recursive = fields.HasFlag(Fields.Recursive),
        };
    }

    public static List<HistoryEvent> ReadAll(ReadOnlySpan<byte> content)
    {
        var reader = new ByteReader(content);
        var events = new List<HistoryEvent>();
        while (!reader.AtEnd) events.Add(Read(ref reader));
        return events;
    }

    public static void Write(ByteWriter writer, Payload payload)
    {
        writer.Bool(payload.IsBlob);
        if (payload.Utf8 is { } utf8) writer.Text(utf8);
        else writer.Text(payload.Value);
    }

    public static Payload ReadPayload(ref ByteReader reader)
    {
        var isBlob = reader.Bool();
        return new Payload(reader.Text(), isBlob);
    }

    public static void WriteOptional(ByteWriter writer, TaskFailureDetails? failure)
    {
        writer.Bool(failure is not null);
        if (failure is not null) Write(writer, failure);
    }

    public static TaskFailureDetails? ReadOptionalFailure(ref ByteReader reader) => reader.Bool() ? ReadFailure(ref reader) : null;

    private static void Write(ByteWriter writer, TaskFailureDetails failure)
    {
        writer.Text(failure.ErrorType);
        writer.Text(failure.ErrorMessage);
        writer.Text(failure.StackTrace);
        writer.Text(failure.Properties is null ? null : JsonSerializer.Serialize(failure.Properties));
        WriteOptional(writer, failure.InnerFailure);
    }

    private static TaskFailureDetails ReadFailure(ref ByteReader reader)
    {
        var type = reader.RequiredText();
        var message = reader.RequiredText();
        var stack = reader.Text();
        var properties = reader.Text();
        return new TaskFailureDetails(
            type,
            message,
            stack,
            ReadOptionalFailure(ref reader),
            properties is null ? null : JsonSerializer.Deserialize<Dictionary<string, object?>>(properties));
    }

    private static Fields FieldsOf(HistoryEvent item)
    {
        var fields = Fields.None;
        if (item.EventId != HistoryEvent.NoId) fields |= Fields.EventId;
        if (item.TaskScheduledId != HistoryEvent.NoId) fields |= Fields.TaskScheduledId;
        if (item.Name is not null) fields |= Fields.Name;
        if (item.Data != Payload.None) fields |= Fields.Data;
        if (item.Failure is not null) fields |= Fields.Failure;
        if (item.FireAt is not null) fields |= Fields.FireAt;
        if (item.Target is not null) fields |= Fields.Target;
        if (item.Version is not null) fields |= Fields.Version;
        if (item.Kind == HistoryEventKind.ExecutionCompleted) fields |= Fields.Status;
        if (item.Recursive) fields |= Fields.Recursive;
        return fields;
    }
}
