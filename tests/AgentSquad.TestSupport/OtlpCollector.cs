using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSquad.TestSupport;

/// <summary>A small collector of OpenTelemetry: OTLP over HTTP with Protocol Buffers, as exporters send it by default settings of that protocol.</summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<OtlpSpan> _spans = new();
    private readonly ConcurrentQueue<OtlpPoint> _points = new();

    private OtlpCollector(WebApplication app) => _app = app;

    /// <summary>Base address.</summary>
    public string Url { get; private set; } = "";

    /// <summary>The spans that came so far.</summary>
    public IReadOnlyList<OtlpSpan> Spans => [.. _spans];

    /// <summary>The points of metrics that came so far.</summary>
    public IReadOnlyList<OtlpPoint> Points => [.. _points];

    /// <summary>Starts a collector on a free port.</summary>
    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new OtlpCollector(builder.Build());
        collector._app.MapPost("/v1/traces", context => collector.TakeAsync(context, collector.ReadTraces));
        collector._app.MapPost("/v1/metrics", context => collector.TakeAsync(context, collector.ReadMetrics));
        await collector._app.StartAsync();
        collector.Url = collector._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return collector;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context, Action<byte[]> read)
    {
        using var body = new MemoryStream();
        if (context.Request.Headers.ContentEncoding == "gzip")
        {
            await using var plain = new GZipStream(context.Request.Body, CompressionMode.Decompress);
            await plain.CopyToAsync(body);
        }
        else
        {
            await context.Request.Body.CopyToAsync(body);
        }

        read(body.ToArray());
        context.Response.ContentType = "application/x-protobuf";
    }

    // ExportTraceServiceRequest: resource_spans=1, scope_spans=2, spans=2.
    private void ReadTraces(byte[] body)
    {
        foreach (var span in Fields(body, 1, 2, 2))
        {
            var fields = Fields(span);
            _spans.Enqueue(new OtlpSpan(
                Text(fields, 5), Hex(fields, 1), Hex(fields, 2), Hex(fields, 4), Attributes(fields, 9), Encoding.UTF8.GetString(span)));
        }
    }

    // ExportMetricsServiceRequest: resource_metrics=1, scope_metrics=2, metrics=2; gauge=5, sum=7, histogram=9, each with data_points=1.
    private void ReadMetrics(byte[] body)
    {
        foreach (var metric in Fields(body, 1, 2, 2).Select(Fields))
        {
            var name = Text(metric, 1);
            foreach (var (kind, attributes) in new[] { (5, 7), (7, 7), (9, 9) })
            {
                foreach (var point in metric.Where(field => field.Number == kind).SelectMany(field => Fields(field.Bytes, 1)).Select(Fields))
                {
                    _points.Enqueue(new OtlpPoint(name, Attributes(point, attributes), kind == 9 ? Number(point, 5) : Number(point, 4, 6)));
                }
            }
        }
    }

    private static Dictionary<string, string> Attributes(IReadOnlyList<Field> fields, int number) => fields.Where(field => field.Number == number).Select(field => Fields(field.Bytes))
        .ToDictionary(pair => Text(pair, 1), pair => Value(pair.First(field => field.Number == 2).Bytes), StringComparer.Ordinal);

    // AnyValue: string=1, bool=2, int=3, double=4; what is nested is of no interest here.
    private static string Value(byte[] any) => Fields(any).FirstOrDefault() switch
    {
        { Number: 1 } text => Encoding.UTF8.GetString(text.Bytes),
        { Number: 2 or 3 } whole => whole.Whole.ToString(CultureInfo.InvariantCulture),
        { Number: 4 } real => BitConverter.Int64BitsToDouble(real.Whole).ToString(CultureInfo.InvariantCulture),
        _ => "",
    };

    private static double Number(IReadOnlyList<Field> point, params int[] numbers) => point.FirstOrDefault(field => numbers.Contains(field.Number)) switch
    {
        null => 0,
        { Number: 6 } integer => integer.Whole,
        var real => BitConverter.Int64BitsToDouble(real.Whole),
    };

    private static string Text(IReadOnlyList<Field> fields, int number) =>
        fields.FirstOrDefault(field => field.Number == number) is { } found ? Encoding.UTF8.GetString(found.Bytes) : "";

    private static string Hex(IReadOnlyList<Field> fields, int number) =>
        fields.FirstOrDefault(field => field.Number == number) is { } found ? Convert.ToHexStringLower(found.Bytes) : "";

    private static IEnumerable<byte[]> Fields(byte[] message, params int[] path) => path.Length == 0
        ? [message]
        : Fields(message).Where(field => field.Number == path[0]).SelectMany(field => Fields(field.Bytes, path[1..]));

    // The wire format: a number and a type, then a varint, eight bytes, a length and so many bytes, or four bytes.
    private static List<Field> Fields(byte[] message)
    {
        var fields = new List<Field>();
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            var (number, whole, bytes) = ((int)(tag >> 3), 0L, Array.Empty<byte>());
            switch (tag & 7)
            {
                case 0:
                    whole = (long)Varint(message, ref at);
                    break;
                case 1:
                    whole = BinaryPrimitives.ReadInt64LittleEndian(message.AsSpan(at));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    bytes = message[at..(at + length)];
                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException("This is no message of Protocol Buffers.");
            }

            fields.Add(new Field(number, whole, bytes));
        }

        return fields;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
    }

    private sealed record Field(int Number, long Whole, byte[] Bytes);
}

/// <summary>A span as it came.</summary>
/// <param name="Name">Name.</param>
/// <param name="TraceId">Id of its trace, hex.</param>
/// <param name="SpanId">Its id, hex.</param>
/// <param name="ParentId">Id of its parent, hex; empty for none.</param>
/// <param name="Attributes">Attributes as text.</param>
/// <param name="Raw">Every word in it.</param>
public sealed record OtlpSpan(string Name, string TraceId, string SpanId, string ParentId, IReadOnlyDictionary<string, string> Attributes, string Raw);

/// <summary>A point of a metric as it came.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Attributes">Attributes as text.</param>
/// <param name="Value">Its value; the sum of a histogram.</param>
public sealed record OtlpPoint(string Metric, IReadOnlyDictionary<string, string> Attributes, double Value);
