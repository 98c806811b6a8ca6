using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using Azure.Storage.Queues.Models;

namespace AgentSquad.EmbeddedHost.Functions.Queues;

/// <summary>Texts and properties of queue messages.</summary>
internal static class MessageText
{
    /// <summary>The message with its text decoded; false when the text is not what the encoding says.</summary>
    public static bool TryDecode(QueueMessage message, bool isBase64, [NotNullWhen(true)] out QueueMessage? decoded)
    {
        decoded = message;
        if (!isBase64) return true;
        if (!Base64.IsValid(message.Body.ToMemory().Span))
        {
            decoded = null;
            return false;
        }

        var body = BinaryData.FromBytes(Convert.FromBase64String(message.Body.ToString()));
        decoded = QueuesModelFactory.QueueMessage(
            message.MessageId, message.PopReceipt, body, message.DequeueCount, message.NextVisibleOn, message.InsertedOn, message.ExpiresOn);
        return true;
    }

    /// <summary>What the trigger knows beside the text, under the names that Azure Functions uses.</summary>
    public static Dictionary<string, object?> DataOf(QueueMessage message) => new(StringComparer.OrdinalIgnoreCase)
    {
        ["QueueTrigger"] = message.Body.ToString(),
        ["Id"] = message.MessageId,
        ["PopReceipt"] = message.PopReceipt,
        ["DequeueCount"] = message.DequeueCount,
        ["InsertionTime"] = message.InsertedOn,
        ["ExpirationTime"] = message.ExpiresOn,
        ["NextVisibleTime"] = message.NextVisibleOn,
    };
}
