using Azure.Core.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>Finds the worker's serializer.</summary>
internal static class WorkerSerializer
{
    /// <summary>The serializer of <see cref="WorkerOptions"/>; throws when a context made by hand (a mock) has none.</summary>
    public static ObjectSerializer Serializer(this FunctionContext context)
        => context.InstanceServices?.GetService<IOptions<WorkerOptions>>()?.Value.Serializer
           ?? throw new InvalidOperationException("A serializer is not configured for the worker: set WorkerOptions.Serializer.");
}
