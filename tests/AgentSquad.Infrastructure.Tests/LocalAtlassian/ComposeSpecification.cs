using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace AgentSquad.Infrastructure.Tests.LocalAtlassian;

/// <summary>The part of the Compose Specification (compose-spec/schema/compose-spec.json) that this repository's file uses, as rules.</summary>
internal static partial class ComposeSpecification
{
    private static readonly string[] TopLevel = ["name", "services", "volumes", "networks", "configs", "secrets", "include"];

    private static readonly string[] Service =
    [
        "image", "build", "command", "entrypoint", "container_name", "depends_on", "environment", "env_file", "expose", "extra_hosts", "healthcheck",
        "hostname", "init", "labels", "logging", "mem_limit", "networks", "platform", "ports", "profiles", "read_only", "restart", "secrets",
        "security_opt", "shm_size", "stop_grace_period", "stop_signal", "tmpfs", "user", "volumes", "working_dir",
    ];

    private static readonly string[] HealthCheck = ["disable", "interval", "retries", "test", "timeout", "start_period", "start_interval"];
    private static readonly string[] Conditions = ["service_started", "service_healthy", "service_completed_successfully"];

    /// <summary>Reads a file; a key that stands twice is refused.</summary>
    public static YamlMappingNode Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }

    /// <summary>What does not fit the specification, one line each.</summary>
    public static IReadOnlyList<string> Problems(YamlMappingNode file)
    {
        var problems = new List<string>(Unknown(file, "", TopLevel));
        if (!ProjectName().IsMatch(Text(file, "name") ?? "x")) problems.Add("name must be lower case letters, digits, - and _");
        if (Child(file, "services") is not YamlMappingNode services) return [.. problems, "services is missing"];
        var names = Keys(services).ToList();
        var volumes = Child(file, "volumes") is YamlMappingNode declared ? Keys(declared).ToList() : [];
        foreach (var (key, node) in services.Children)
        {
            var path = $"services.{key}";
            if (node is YamlMappingNode service) problems.AddRange(OfService(path, service, names, volumes));
            else problems.Add($"{path} is no mapping");
        }

        return problems;
    }

    private static IEnumerable<string> OfService(string path, YamlMappingNode service, List<string> services, List<string> volumes)
    {
        foreach (var problem in Unknown(service, path + ".", Service)) yield return problem;
        if (Child(service, "image") is null && Child(service, "build") is null) yield return $"{path} has neither image nor build";
        if (Text(service, "restart") is { } restart && !Restart().IsMatch(restart)) yield return $"{path}.restart: {restart} is no restart policy";
        if (Text(service, "stop_grace_period") is { } grace && !Duration().IsMatch(grace)) yield return $"{path}.stop_grace_period: {grace} is no duration";
        foreach (var port in Items(service, "ports").Where(port => !Port().IsMatch(port))) yield return $"{path}.ports: {port} is no port";
        foreach (var host in Items(service, "extra_hosts").Where(host => !Host().IsMatch(host))) yield return $"{path}.extra_hosts: {host} is no host";
        foreach (var volume in Items(service, "volumes"))
        {
            var parts = volume.Split(':');
            if (parts.Length is < 2 or > 3 || !parts[1].StartsWith('/')) yield return $"{path}.volumes: {volume} is no mount";
            else if (parts[0][0] is not ('.' or '/' or '~') && !volumes.Contains(parts[0])) yield return $"{path} names the volume {parts[0]}, which is not declared";
        }

        if (Child(service, "environment") is YamlMappingNode environment)
        {
            foreach (var (key, value) in environment.Children.Where(pair => pair.Value is not YamlScalarNode)) yield return $"{path}.environment.{key}: {value} is no scalar";
        }

        if (Child(service, "depends_on") is YamlMappingNode dependencies)
        {
            foreach (var (name, condition) in dependencies.Children)
            {
                if (!services.Contains(name.ToString())) yield return $"{path} depends on {name}, which is no service";
                var wanted = condition is YamlMappingNode map ? Text(map, "condition") : null;
                if (wanted is null || !Conditions.Contains(wanted)) yield return $"{path}.depends_on.{name}: {wanted} is no condition";
            }
        }

        if (Child(service, "healthcheck") is YamlMappingNode health)
        {
            foreach (var problem in OfHealth(path + ".healthcheck", health)) yield return problem;
        }
    }

    private static IEnumerable<string> OfHealth(string path, YamlMappingNode health)
    {
        foreach (var problem in Unknown(health, path + ".", HealthCheck)) yield return problem;
        foreach (var name in (string[])["interval", "timeout", "start_period", "start_interval"])
        {
            if (Text(health, name) is { } value && !Duration().IsMatch(value)) yield return $"{path}.{name}: {value} is no duration";
        }

        if (Text(health, "retries") is { } retries && !int.TryParse(retries, out _)) yield return $"{path}.retries: {retries} is no number";
        var test = Items(health, "test").ToList();
        if (test.Count == 0 || test[0] is not ("CMD" or "CMD-SHELL" or "NONE")) yield return $"{path}.test must begin with CMD, CMD-SHELL or NONE";
        else if (test[0] == "CMD-SHELL" && test.Count != 2) yield return $"{path}.test: CMD-SHELL takes one command";
    }

    private static IEnumerable<string> Unknown(YamlMappingNode map, string path, string[] known) =>
        Keys(map).Where(key => !known.Contains(key) && !key.StartsWith("x-", StringComparison.Ordinal)).Select(key => $"{path}{key} is not in the specification");

    private static IEnumerable<string> Keys(YamlMappingNode map) => map.Children.Keys.Select(key => key.ToString());

    private static YamlNode? Child(YamlMappingNode map, string name) => map.Children.TryGetValue(name, out var value) ? value : null;

    private static string? Text(YamlMappingNode map, string name) => (Child(map, name) as YamlScalarNode)?.Value;

    private static IEnumerable<string> Items(YamlMappingNode map, string name) =>
        Child(map, name) is YamlSequenceNode list ? list.Select(item => (item as YamlScalarNode)?.Value ?? item.ToString()) : [];

    [GeneratedRegex("^[a-z0-9][a-z0-9_-]*$")]
    private static partial Regex ProjectName();

    [GeneratedRegex(@"^(\d+(us|ms|s|m|h))+$")]
    private static partial Regex Duration();

    [GeneratedRegex(@"^((\d{1,3}\.){3}\d{1,3}:)?(\d+(-\d+)?:)?\d+(-\d+)?(/(tcp|udp))?$")]
    private static partial Regex Port();

    [GeneratedRegex("^[A-Za-z0-9.-]+[:=][A-Za-z0-9.:-]+$")]
    private static partial Regex Host();

    [GeneratedRegex(@"^(no|always|unless-stopped|on-failure(:\d+)?)$")]
    private static partial Regex Restart();
}
