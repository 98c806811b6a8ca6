using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

// Types that the surface tests must refuse, each wrong in one way; public because only public types are compared.
#pragma warning disable CA1018, CA1019, CA1027, CA1813, CA1052, CA1008, CA1032, CA1040

namespace AgentSquad.EmbeddedHost.Tests.Surface.Planted;

public sealed class NoSuchType
{
}

public class ScheduleStatus
{
    public string? Extra { get; set; }
}

public class TimerInfo
{
    public bool? IsPastDue { get; set; }
}

[AttributeUsage(AttributeTargets.Class)]
public class FunctionAttribute : Attribute
{
}

public class QueueTriggerAttribute : Attribute
{
}

public sealed class TimerTriggerAttribute(string cron) : TriggerBindingAttribute
{
    public string Schedule { get; } = cron;
}

public enum BindingDirection
{
    In = 0,
    Out = 2,
}

public abstract class BindingContext
{
    public virtual IReadOnlyDictionary<string, object?> BindingData => new Dictionary<string, object?>();
}

public static class FunctionContextLoggerExtensions
{
    public static ILogger GetLogger(FunctionContext context, string categoryName)
        => context.InstanceServices.GetRequiredService<ILoggerFactory>().CreateLogger(categoryName);
}

public static class FunctionsWorkerHost
{
    public static void RunDefault(Action<IServiceCollection> configureServices) => configureServices(new ServiceCollection());
}

public class FunctionWorkerException(string message) : Exception(message)
{
}

public abstract class RetryContext
{
    public abstract int MaxRetryCount { get; }
}

public interface IFunctionActivator
{
}
