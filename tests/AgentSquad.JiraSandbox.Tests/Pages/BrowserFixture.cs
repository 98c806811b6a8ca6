using Microsoft.Playwright;

namespace AgentSquad.JiraSandbox.Tests.Pages;

/// <summary>One browser for all tests of a class, where one is installed.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly string[] Installed = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string? _missing;

    public async Task InitializeAsync()
    {
        if (Array.Find(Installed, File.Exists) is not { } executable)
        {
            _missing = "No chromium is installed (Debian: apt-get install chromium).";
            return;
        }

        try
        {
            _playwright = await Playwright.CreateAsync();
        }
        catch (PlaywrightException exception)
        {
            _missing = $"Playwright's driver does not start here: {exception.Message}";
            return;
        }

        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = executable, Args = ["--no-sandbox", "--disable-gpu"] });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>Runs a test in a page of its own; skips it where there is no browser.</summary>
    public async Task WithPageAsync(ColorScheme scheme, Func<IPage, Task> test)
    {
        Skip.If(_browser is null, _missing);
        await using var context = await _browser!.NewContextAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = 1280, Height = 800 } });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        await test(page);
    }
}
