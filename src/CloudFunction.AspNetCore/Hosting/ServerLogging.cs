using CloudFunction.Runtime.Logging;
using CloudFunction.Runtime.Logging.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Hosting;

/// <summary>Gives the whole of a server's log to the pipeline: its files and its console are those of the logging file.</summary>
internal static class ServerLogging
{
    private const string AspNetCore = "Microsoft.AspNetCore";
    private const string RequestDiagnostics = "Microsoft.AspNetCore.Hosting.Diagnostics";
    private const string Levels = "Logging:LogLevel";
    private const string ConsoleProvider = "Microsoft.Extensions.Logging.Console.ConsoleLoggerProvider";

    public static void Add(WebApplicationBuilder builder)
    {
        // ASP.NET Core logs three records of each request, and makes an activity for each where any of those is enabled.
        var floors = new Dictionary<string, LogLevel>(StringComparer.OrdinalIgnoreCase)
        {
            [RequestDiagnostics] = LogLevel.None,
            [AspNetCore] = LogLevel.Warning,
        };
        foreach (var (category, level) in floors)
        {
            if (builder.Configuration[$"{Levels}:{category}"] is null)
            {
                builder.Logging.AddFilter(category, level); // For the providers that the app has besides.
            }
        }

        foreach (var configured in builder.Configuration.GetSection(Levels).GetChildren())
        {
            if (LoggerName.IsWithin(configured.Key, AspNetCore) && Enum.TryParse<LogLevel>(configured.Value, ignoreCase: true, out var level))
            {
                floors[configured.Key] = level;
            }
        }

        var services = builder.Services;
        services.AddSingleton(new PipelineScope(IsWholeHost: true, [.. floors.Select(floor => new CategoryFloor(floor.Key, floor.Value))]));
        services.PostConfigure<LoggerFilterOptions>(LetAllThrough);

        // The one that every builder brings along. A console that the app adds after this call is its own wish.
        foreach (var console in services.Where(IsConsole).ToArray())
        {
            services.Remove(console);
        }
    }

    // The logging file decides, and it may change: the filters of Microsoft.Extensions.Logging hold nothing back from it.
    private static void LetAllThrough(LoggerFilterOptions options) =>
        options.Rules.Add(new LoggerFilterRule(typeof(CloudFunctionLoggerProvider).FullName, null, LogLevel.Trace, null));

    private static bool IsConsole(ServiceDescriptor descriptor) =>
        !descriptor.IsKeyedService && descriptor.ServiceType == typeof(ILoggerProvider) && descriptor.ImplementationType?.FullName == ConsoleProvider;
}
