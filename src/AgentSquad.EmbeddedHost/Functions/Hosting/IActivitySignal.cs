namespace AgentSquad.EmbeddedHost.Functions.Hosting;

/// <summary>Says that something happened in this process after which a queue may hold a message.</summary>
internal interface IActivitySignal
{
    /// <summary>Lets queue listeners look now; cheap, and calls in quick succession count as one.</summary>
    void Happened();
}
