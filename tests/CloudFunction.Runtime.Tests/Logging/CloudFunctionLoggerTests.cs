using System.Diagnostics;
using CloudFunction.Runtime.Logging;
using CloudFunction.Runtime.Tests.Logging.Fakes;
using Microsoft.Extensions.Logging;
using Serilog.Events;

namespace CloudFunction.Runtime.Tests.Logging;

public sealed class CloudFunctionLoggerTests : IDisposable
{
    private readonly CapturedLog _log = new(LogEventLevel.Debug);
    private readonly LoggerExternalScopeProvider _scopes = new();
    private readonly ILogger _logger;

    public CloudFunctionLoggerTests()
    {
        var provider = new CloudFunctionLoggerProvider(_log.Pipeline, TimeProvider.System);
        provider.SetScopeProvider(_scopes);
        _logger = provider.CreateLogger("Some.Category");
    }

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Log_Template_KeepsTextAndValues()
    {
        _logger.LogWarning(new EventId(7), "{Count} of {Name} at {When}", 3, "a", new Version(1, 2));

        var logged = Assert.Single(await _log.EventsAsync());
        Assert.Equal((LogEventLevel.Warning, "3 of a at 1.2"), (logged.Level, logged.MessageTemplate.Text));
        Assert.Equal(
            new Dictionary<string, object?> { ["Count"] = 3, ["Name"] = "a", ["When"] = "1.2", ["EventId"] = 7, ["SourceContext"] = "Some.Category" },
            CapturedLog.ValuesOf(logged));
        Assert.Null(logged.TraceId);
    }

    [Fact]
    public async Task Log_InScopes_TakesTheInnerValueAndTheStatesBeforeBoth()
    {
        using var outer = _logger.BeginScope("order {Order}", 1);
        using var inner = _logger.BeginScope(new Dictionary<string, object?> { ["Order"] = 2, ["Who"] = "scope" });
        using var text = _logger.BeginScope(new Uri("text:a"));
        using var last = _logger.BeginScope(new Uri("text:b"));
        _logger.LogInformation("{Who}", "state");

        var values = CapturedLog.ValuesOf(Assert.Single(await _log.EventsAsync()));
        Assert.Equal((2, "state", "text:a => text:b"), (values["Order"], values["Who"], values["Scope"]));
    }

    [Fact]
    public async Task Log_InAnActivity_TellsItsTrace()
    {
        using var activity = new Activity("request").Start();
        _logger.LogInformation("traced");

        Assert.Equal(activity.TraceId, Assert.Single(await _log.EventsAsync()).TraceId);
    }

    [Fact]
    public async Task Log_TemplateWithTooFewValues_KeepsTheRecord()
    {
#pragma warning disable CA2017 // It is what is tested here.
        using var scope = _logger.BeginScope("{Order} {Shop}", 7);
        _logger.LogInformation("{A} {B}", 1);
#pragma warning restore CA2017

        var logged = Assert.Single(await _log.EventsAsync());
        Assert.Equal("{A} {B} (the message cannot be made of its values: System.FormatException)", logged.MessageTemplate.Text);
        Assert.Equal((7, 1), (CapturedLog.ValuesOf(logged)["Order"], CapturedLog.ValuesOf(logged)["A"]));
    }

    [Fact]
    public async Task Log_ValueThatThrows_KeepsTheRecord()
    {
        _logger.Log(
            LogLevel.Information, default, new[] { KeyValuePair.Create<string, object?>("Bad", new Throwing()) }, null, static (_, _) => "kept");

        var logged = Assert.Single(await _log.EventsAsync());
        Assert.Contains("NotSupportedException", (string)CapturedLog.ValuesOf(logged)["Bad"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_BelowTheLevel_FormatsNothing()
    {
        Assert.False(_logger.IsEnabled(LogLevel.Trace));
        Assert.False(_logger.IsEnabled(LogLevel.None));
        _logger.Log(LogLevel.Trace, default, "x", null, static (_, _) => throw new InvalidOperationException("It was formatted."));

        Assert.Empty(await _log.EventsAsync());
    }

    private sealed class Throwing
    {
        public override string ToString() => throw new NotSupportedException();
    }
}
