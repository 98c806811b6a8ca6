using Azure.Core.Serialization;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Options of the worker.</summary>
public class WorkerOptions
{
    /// <summary>
    /// Serializes bodies and messages. Default is System.Text.Json with property names compared without case, as configured through
    /// <c>Configure&lt;JsonSerializerOptions&gt;</c>.
    /// </summary>
    public ObjectSerializer? Serializer { get; set; }
}
