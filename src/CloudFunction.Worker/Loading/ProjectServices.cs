using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudFunction.Worker.Loading;

/// <summary>Builds a project's configuration and its container.</summary>
internal static class ProjectServices
{
    /// <summary>The deployment's <c>appsettings.json</c>, if there is one, overlaid by its environment.</summary>
    /// <exception cref="ProjectLoadException">The file cannot be read.</exception>
    public static ConfigurationRoot Configure(ProjectSettings settings)
    {
        try
        {
            var builder = new ConfigurationBuilder()
                .SetBasePath(settings.DeploymentDirectory)
                .AddJsonFile("appsettings.json", optional: true, reloadOnChange: false);
            return (ConfigurationRoot)(settings.Variables is { } variables
                ? builder.AddInMemoryCollection(variables.Select(
                    variable => KeyValuePair.Create(variable.Key.Replace("__", ":", StringComparison.Ordinal), (string?)variable.Value)))
                : builder.AddEnvironmentVariables())
                .Build();
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException or FormatException)
        {
            throw new ProjectLoadException([$"appsettings.json cannot be read: {(exception.InnerException ?? exception).Message}"], exception);
        }
    }

    /// <summary>What every project finds in its container, overlaid by what its startups register, in their order.</summary>
    /// <exception cref="ProjectLoadException">The startup throws, or the container cannot be built.</exception>
    public static ServiceProvider Build(IEnumerable<Type> startups, ProjectSettings settings, IConfiguration configuration, ILoggerProvider logging)
    {
        var services = new ServiceCollection();
        services.AddSingleton(configuration);
        services.AddSingleton(new FunctionProject { Name = settings.Project, Version = settings.Version, DataDirectory = settings.DataDirectory });
        services.AddSingleton(TimeProvider.System);
        services.AddOptions();
        services.AddLogging(builder => builder.AddProvider(logging));
        services.AddSingleton<IConfigureOptions<LoggerFilterOptions>>(new LogLevels(configuration));
        services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>>(new HostLevels(logging.GetType().FullName!));
        foreach (var startup in startups)
        {
            Run(startup, services, configuration);
        }

        // The startup may have cleared the providers, as is common to silence a host. The records would then go nowhere.
        services.TryAddEnumerable(ServiceDescriptor.Singleton(logging));
        try
        {
            return services.BuildServiceProvider();
        }
        catch (Exception exception)
        {
            // What was registered is the user's.
            throw new ProjectLoadException([$"The project's services cannot be built: {LoadCause.MessageOf(exception)}"], exception);
        }
    }

    private static void Run(Type startup, ServiceCollection services, IConfiguration configuration)
    {
        try
        {
            ((IFunctionStartup)Activator.CreateInstance(startup, nonPublic: true)!).ConfigureServices(services, configuration);
        }
        catch (Exception exception)
        {
            // The user's code; Activator wraps what a constructor throws.
            var cause = LoadCause.Of(exception);
            throw new ProjectLoadException(
                [$"{startup.FullName}, the project's startup, failed: {cause.GetType().FullName}: {LoadCause.MessageOf(cause)}"], cause);
        }
    }
}
