using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>
/// Runs the function for each message of a storage queue. Sits on a <see cref="string"/>, <see cref="BinaryData"/>, byte array,
/// <c>QueueMessage</c>, or a type to read the JSON text into.
/// </summary>
public sealed class QueueTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>Creates the attribute.</summary>
    /// <param name="queueName">The queue; <c>%name%</c> is taken from the settings.</param>
    public QueueTriggerAttribute(string queueName) => QueueName = queueName;

    /// <summary>The queue.</summary>
    public string QueueName { get; }

    /// <summary>Name of the setting with the connection; <c>AzureWebJobsStorage</c> when not set.</summary>
    public string? Connection { get; set; }
}
