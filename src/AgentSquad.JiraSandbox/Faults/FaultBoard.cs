using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Rest;
using AgentSquad.JiraSandbox.Site;

namespace AgentSquad.JiraSandbox.Faults;

/// <summary>The faults that are switched on.</summary>
internal sealed class FaultBoard
{
    private readonly Lock _lock = new();
    private readonly List<Fault> _faults = [];
    private int _lastId;

    /// <summary>All faults, those that are used up included.</summary>
    public JsonArray ToJson()
    {
        lock (_lock) return new JsonArray([.. _faults.Select(fault => fault.ToJson())]);
    }

    /// <summary>Switches a fault on.</summary>
    public JsonObject Add(SiteModel site, JsonObject body)
    {
        lock (_lock)
        {
            var fault = Fault.Read($"{++_lastId}", body);
            _faults.Add(fault);
            ApplyPermissions(site);
            return fault.ToJson();
        }
    }

    /// <summary>Switches a fault off; null switches off all.</summary>
    /// <exception cref="JiraRefusal">404: there is no such fault.</exception>
    public void Remove(SiteModel site, string? id)
    {
        lock (_lock)
        {
            if (_faults.RemoveAll(fault => id is null || fault.Id == id) == 0 && id is not null) throw JiraRefusal.NotFound($"There is no fault {id}.");
            ApplyPermissions(site);
        }
    }

    /// <summary>The first fault that meets a request, or null.</summary>
    public Fault? Meet(HttpRequest request)
    {
        lock (_lock) return _faults.Find(fault => fault.Meets(request.Method, request.Path.Value ?? ""));
    }

    private void ApplyPermissions(SiteModel site)
    {
        site.RevokedPermissions.Clear();
        foreach (var fault in _faults.Where(fault => fault.Kind == FaultKind.Permission))
        {
            foreach (var user in site.Users.Where(user => fault.Account is null || user.AccountId == fault.Account || user.Email == fault.Account))
            {
                if (!site.RevokedPermissions.TryGetValue(user.AccountId, out var revoked)) site.RevokedPermissions[user.AccountId] = revoked = [];
                revoked.Add(fault.Permission!);
            }
        }
    }
}
