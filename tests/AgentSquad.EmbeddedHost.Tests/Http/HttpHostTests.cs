using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AgentSquad.EmbeddedHost.Functions.Configuration;
using AgentSquad.EmbeddedHost.Tests.Functions;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.EmbeddedHost.Tests.Http;

/// <summary>HTTP functions over real HTTP.</summary>
public sealed class HttpHostTests : IAsyncLifetime
{
    private readonly Signals _signals = new();
    private RunningApp _app = null!;

    public async Task InitializeAsync() => _app = await StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Request_BodyHeadersCookies_ComeThrough()
    {
        var response = await _app.Http.PostAsync("/api/echo?q=a%20b", new StringContent("grüße", Encoding.UTF8));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("POST", Assert.Single(response.Headers.GetValues("X-Method")));
        Assert.Equal("a b", Assert.Single(response.Headers.GetValues("X-Query")));
        Assert.StartsWith("seen=yes", Assert.Single(response.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
        Assert.Equal("grüße", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(1024 * 1024, false)]
    [InlineData(1024 * 1024, true)]
    [InlineData(3 * 1024 * 1024, false)]
    [InlineData(3 * 1024 * 1024, true)]
    public async Task Request_LargeBody_ComesThroughWhole(int length, bool isChunked)
    {
        var text = string.Concat(Enumerable.Range(0, length / 8).Select(i => $"{i,8}"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/echo") { Content = new StringContent(text) };
        request.Headers.TransferEncodingChunked = isChunked;
        var response = await _app.Http.SendAsync(request);
        Assert.True(text == await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Request_OverTheLimit_IsRefused()
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", _app.Http.BaseAddress!.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: {(100L * 1024 * 1024) + 1}\r\n\r\n"));
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 413", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 5000\r\n\r\nthe beginning")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n10\r\nthe beginning")]
    public async Task Request_SenderHangsUpInTheBody_IsNoFailureOfTheHost(string rest)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", _app.Http.BaseAddress!.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /api/echo HTTP/1.1\r\nHost: localhost\r\n{rest}"));
        client.Client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer);
        }
        catch (IOException)
        {
            // Cut off: no answer either.
        }

        Assert.DoesNotContain("HTTP/1.1 5", Encoding.ASCII.GetString(answer.ToArray()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3 * 1024 * 1024)]
    public async Task Request_ChunkOfASizeThatIsNone_IsABadRequest(int length)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", _app.Http.BaseAddress!.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync("POST /api/echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
        if (length > 0) await stream.WriteAsync(Encoding.ASCII.GetBytes($"{length:x}\r\n{new string('x', length)}\r\n"));
        await stream.WriteAsync("FFFFFFFFFFFFFFFF\r\nrest"u8.ToArray());
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 400", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/items/pen/3?filter=red", "pen", 3, "red")]
    [InlineData("/api/ITEMS/p%2Fen", "p%2Fen", null, null)]
    public async Task Route_ValuesAndQuery_BecomeArguments(string url, string name, int? number, string? filter)
    {
        var item = await _app.Http.GetFromJsonAsync<JsonElement>(url);
        Assert.Equal(name, item.GetProperty("name").GetString());
        Assert.Equal(number, item.GetProperty("number").ValueKind == JsonValueKind.Null ? null : item.GetProperty("number").GetInt32());
        Assert.Equal(filter, item.GetProperty("filter").GetString());
        Assert.Equal("Item", item.GetProperty("function").GetString());
    }

    [Fact]
    public async Task Route_ConstraintNotMet_IsNotFound()
        => Assert.Equal(HttpStatusCode.NotFound, (await _app.Http.GetAsync("/api/items/pen/three")).StatusCode);

    [Theory]
    [InlineData("/echo")]
    [InlineData("/api/nothing")]
    [InlineData("/")]
    public async Task Path_Unknown_IsNotFound(string path)
        => Assert.Equal(HttpStatusCode.NotFound, (await _app.Http.GetAsync(path)).StatusCode);

    [Fact]
    public async Task Method_NotDeclared_IsNotAllowed()
    {
        var response = await _app.Http.GetAsync("/api/echo");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Contains("POST", response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Body_AsType_IsReadAndReturnedAsJson()
    {
        var response = await _app.Http.PostAsJsonAsync("/api/body", new { text = "hi", TIMES = 1 });
        Assert.Equal(new Greeting("hi", 2), await response.Content.ReadFromJsonAsync<Greeting>());
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Result_Null_IsNoContent()
        => Assert.Equal(HttpStatusCode.NoContent, (await _app.Http.PostAsync("/api/body", null)).StatusCode);

    [Theory]
    [InlineData("/api/Locked", "function", HttpStatusCode.OK)]
    [InlineData("/api/Locked", "master", HttpStatusCode.OK)]
    [InlineData("/api/Locked", "system", HttpStatusCode.Unauthorized)]
    [InlineData("/api/Locked", "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("/api/Locked", null, HttpStatusCode.Unauthorized)]
    [InlineData("/api/AdminOnly", "master", HttpStatusCode.OK)]
    [InlineData("/api/AdminOnly", "function", HttpStatusCode.Unauthorized)]
    [InlineData("/admin/host/status", "master", HttpStatusCode.OK)]
    [InlineData("/admin/host/status", "function", HttpStatusCode.Unauthorized)]
    [InlineData("/admin/host/status", null, HttpStatusCode.Unauthorized)]
    public async Task Key_HeaderOrQuery_OpensItsLevel(string path, string? kind, HttpStatusCode expected)
    {
        var key = kind switch
        {
            "function" => _app.FunctionKey,
            "master" => _app.Keys.MasterKey,
            "system" => _app.Keys.SystemKeys.Values.Single(),
            _ => kind,
        };
        using var byHeader = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null) byHeader.Headers.Add("x-functions-key", key);
        Assert.Equal(expected, (await _app.Http.SendAsync(byHeader)).StatusCode);
        Assert.Equal(expected, (await _app.Http.GetAsync(key is null ? path : $"{path}?code={Uri.EscapeDataString(key)}")).StatusCode);
    }

    [Fact]
    public async Task Function_Throws_Is500WithoutDetailAndOneLogLine()
    {
        var response = await _app.Http.GetAsync("/api/Broken");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
        var line = Assert.Single(_app.Log, line => line.StartsWith("Error", StringComparison.Ordinal));
        Assert.Matches(@"^Error Function\.Broken Executed Broken \(Failed, Id=[0-9a-f-]{36}\) \| secret detail of GET$", line);
    }

    [Fact]
    public async Task Client_GoesAway_CancelsTheFunction()
    {
        using var cancel = new CancellationTokenSource();
        var call = _app.Http.GetAsync("/api/Hang?id=1", cancel.Token);
        await _signals.WaitAsync("hang-started-1");
        await cancel.CancelAsync();
        await _signals.WaitAsync("hang-cancelled");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Stop_FunctionRuns_IsAwaited()
    {
        var call = _app.Http.GetStringAsync("/api/Slow");
        await _signals.WaitAsync("slow-started");
        var stop = _app.StopAsync();
        Assert.False(call.IsCompleted);
        _signals.Set("slow-may-end");
        Assert.Equal("GET", await call);
        await stop.WaitAsync(RunningApp.Patience);
        await Assert.ThrowsAsync<HttpRequestException>(() => _app.Http.GetAsync("/api/Ping"));
    }

    [Fact]
    public async Task Functions_ThatBlock_DoNotHoldUpOthersNorTheHost()
    {
        var blocked = Enumerable.Range(0, 40).Select(_ => _app.Http.GetStringAsync("/api/Block")).ToArray();
        Assert.Equal("pong GET", await _app.Http.GetStringAsync("/api/Ping"));
        Assert.DoesNotContain(blocked, call => call.IsCompleted);
        _signals.Set("unblock");
        await Task.WhenAll(blocked).WaitAsync(RunningApp.Patience);
        Assert.All(_signals.Notes, name => Assert.Equal("AgentSquad function", name));
    }

    [Fact]
    public async Task Function_LongerThanItsTimeout_Is500AndNamed()
    {
        await using var app = await StartAsync(new() { ["AzureFunctionsJobHost:functionTimeout"] = "00:00:00.3" });
        Assert.Equal(HttpStatusCode.InternalServerError, (await app.Http.GetAsync("/api/Hang?id=2")).StatusCode);
        Assert.Contains(app.Log, line => line.StartsWith("Error Function.Hang Executed Hang (Failed", StringComparison.Ordinal)
            && line.Contains("functionTimeout of 00:00:00.3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task HostJson_RoutePrefixAndOutstandingRequests_AreHonoured()
    {
        await using var app = await StartAsync(new()
        {
            ["AzureFunctionsJobHost:extensions:http:routePrefix"] = "",
            ["AzureFunctionsJobHost:extensions:http:maxOutstandingRequests"] = "1",
        });
        Assert.Equal("pong GET", await app.Http.GetStringAsync("/Ping"));
        var hanging = app.Http.GetAsync("/Hang?id=3");
        await _signals.WaitAsync("hang-started-3");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await app.Http.GetAsync("/Ping")).StatusCode);
        app.Http.CancelPendingRequests();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
    }

    [Fact]
    public async Task HostJson_ConcurrentRequests_WaitForTheirTurn()
    {
        await using var app = await StartAsync(new() { ["AzureFunctionsJobHost:extensions:http:maxConcurrentRequests"] = "1" });
        var first = app.Http.GetStringAsync("/api/Slow");
        await _signals.WaitAsync("slow-started");
        var second = app.Http.GetStringAsync("/api/Ping");
        await Task.Delay(200);
        Assert.False(second.IsCompleted);
        _signals.Set("slow-may-end");
        Assert.Equal("GET", await first);
        Assert.Equal("pong GET", await second);
    }

    [Theory]
    [InlineData("extensions:http:maxOutstandingRequests", "many", "host.json extensions.http.maxOutstandingRequests is 'many'")]
    [InlineData("extensions:queues:batchSize", "33", "host.json extensions.queues.batchSize is '33' but must be a whole number from 1 to 32")]
    [InlineData("functionTimeout", "soon", "host.json functionTimeout is 'soon'")]
    [InlineData("extensions:durableTask:hubName", "no-hyphens", "host.json extensions.durableTask.hubName is 'no-hyphens'")]
    public async Task HostJson_WrongValue_StopsTheStartWithItsName(string key, string value, string expected)
    {
        var problem = await Assert.ThrowsAsync<HostStartException>(() => StartAsync(new() { [$"AzureFunctionsJobHost:{key}"] = value }));
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HostJson_UnsupportedSetting_IsNamedInAWarning()
    {
        await using var app = await StartAsync(new() { ["AzureFunctionsJobHost:extensions:durableTask:extendedSessionsEnabled"] = "true" });
        Assert.Contains(app.Log, line => line.StartsWith("Warning", StringComparison.Ordinal)
            && line.Contains("extensions.durableTask.extendedSessionsEnabled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task HostStatus_MasterKey_SaysWhoAndInWhichState()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/host/status");
        request.Headers.Add("x-functions-key", _app.Keys.MasterKey);
        var status = JsonDocument.Parse(await (await _app.Http.SendAsync(request)).Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("Running", status.GetProperty("state").GetString());
        Assert.EndsWith("Embedded", status.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.NotEqual("unknown", status.GetProperty("version").GetString());
        Assert.True(status.GetProperty("processUptime").GetInt64() > 0);
    }

    [Fact]
    public async Task Port_InUse_IsSaidWithTheWayOut()
    {
        var port = _app.Http.BaseAddress!.Port;
        var problem = await Assert.ThrowsAsync<HostStartException>(() => StartAsync(new() { ["EmbeddedHost:Port"] = $"{port}" }));
        Assert.Contains($"Port {port}", problem.Message, StringComparison.Ordinal);
        Assert.Contains("--port", problem.Message, StringComparison.Ordinal);
    }

    private Task<RunningApp> StartAsync(Dictionary<string, string?>? settings = null)
        => RunningApp.StartAsync([typeof(HttpFunctions)], builder => builder.Services.AddSingleton(_signals), settings);
}
