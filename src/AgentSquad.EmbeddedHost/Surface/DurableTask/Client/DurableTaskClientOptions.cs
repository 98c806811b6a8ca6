using Microsoft.DurableTask.Converters;

namespace Microsoft.DurableTask.Client;

/// <summary>Settings of a client.</summary>
public class DurableTaskClientOptions
{
    private DataConverter _dataConverter = JsonDataConverter.Default;

    /// <summary>Version of orchestrations that are started without one. Default: none.</summary>
    public string DefaultVersion { get; set; } = string.Empty;

    /// <summary>Converter of inputs, outputs and events; null sets the default, JSON.</summary>
    public DataConverter DataConverter
    {
        get => _dataConverter;
        set => _dataConverter = value ?? JsonDataConverter.Default;
    }

    /// <summary>Durable entities; not supported by the embedded host.</summary>
    public bool EnableEntitySupport { get; set; }
}
