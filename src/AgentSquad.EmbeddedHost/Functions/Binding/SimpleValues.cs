using System.ComponentModel;
using System.Globalization;
using Microsoft.Azure.Functions.Worker;

namespace AgentSquad.EmbeddedHost.Functions.Binding;

/// <summary>Turns texts of routes, queries and message properties into values.</summary>
internal static class SimpleValues
{
    /// <summary>Whether a type has a text form.</summary>
    public static bool IsSimple(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string) || type.IsPrimitive || type.IsEnum || type == typeof(Guid) || type == typeof(decimal)
            || type == typeof(DateTime) || type == typeof(DateTimeOffset) || type == typeof(TimeSpan) || type == typeof(DateOnly)
            || type == typeof(Uri) || type == typeof(object);
    }

    /// <summary>Converts a value; throws <see cref="FunctionInputConverterException"/> that names the parameter.</summary>
    public static object? Convert(object value, Type type, string name)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsInstanceOfType(value)) return value;
        try
        {
            if (type == typeof(string)) return System.Convert.ToString(value, CultureInfo.InvariantCulture);
            if (value is string text) return TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
            return System.Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
        }
        catch (Exception problem) when (problem is FormatException or InvalidCastException or NotSupportedException or ArgumentException or OverflowException)
        {
            throw new FunctionInputConverterException($"The value of '{name}' cannot be converted to {type.Name}.", problem);
        }
    }
}
