using CloudFunction.Worker.Loading;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudFunction.Worker.Tests.Loading;

public class HostLevelsTests
{
    [Fact]
    public void Filter_ProjectAsksForNothing_LeavesAllToTheHostsProviderAlone()
    {
        var (host, other) = Levels(_ => { });
        Assert.Equal((LogLevel.Trace, LogLevel.Information), (host, other));
    }

    [Fact]
    public void Filter_ProjectAsksForALevel_HoldsForTheHostsProviderToo()
    {
        Assert.Equal((LogLevel.Warning, LogLevel.Warning), Levels(b => b.SetMinimumLevel(LogLevel.Warning)));
        Assert.Equal((LogLevel.Error, LogLevel.Error), Levels(b => b.AddFilter("Shop", LogLevel.Error)));
        Assert.Equal((LogLevel.Debug, LogLevel.Debug), Levels(b => b.AddFilter(null, LogLevel.Debug)));
        Assert.Equal((LogLevel.Error, LogLevel.Error), Levels(b => b.AddFilter(null, LogLevel.Debug).AddFilter("Shop", LogLevel.Error)));
        Assert.Equal((LogLevel.Error, LogLevel.Error), Levels(b => b.AddFilter<RecordingLoggerProvider>("Shop", LogLevel.Error)));
    }

    private static (LogLevel Host, LogLevel Other) Levels(Action<ILoggingBuilder> project) =>
        (Lowest(project, asHost: true), Lowest(project, asHost: false));

    private static LogLevel Lowest(Action<ILoggingBuilder> project, bool asHost)
    {
        using var provider = new RecordingLoggerProvider();
        var services = new ServiceCollection();
        services.AddLogging(b => project(b.AddProvider(provider)));
        services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>>(
            new HostLevels(asHost ? typeof(RecordingLoggerProvider).FullName! : "Another.Provider"));
        using var built = services.BuildServiceProvider();
        var logger = built.GetRequiredService<ILoggerFactory>().CreateLogger("Shop.Orders");
        return Enum.GetValues<LogLevel>().First(logger.IsEnabled);
    }
}
