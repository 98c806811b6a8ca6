namespace AgentSquad.TestSupport.Models;

/// <summary>What a model server counts: four characters are a token, unless the reply says otherwise.</summary>
internal static class Tokens
{
    public static (int Input, int Output) Of(ModelRequest request, ModelReply reply)
    {
        var text = reply as TextReply;
        return (text?.Input ?? (request.System.Length + request.User.Length) / 4, text?.Output ?? Math.Max(1, (text?.Text.Length ?? 80) / 4));
    }
}
