using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.Loader;
using CloudFunction.Testing.Time;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction.Testing.Hosting;

/// <summary>Runs behind a project's own startup, wherever the project runs: gives it the test's time, startups and services. What it is to
/// do stands in the project's environment.</summary>
internal sealed class TestStartup : IFunctionStartup
{
    private const string Prefix = "CLOUDFUNCTION_TESTING_";
    private const string ClockVariable = Prefix + "CLOCK";
    private const string StartupsVariable = Prefix + "STARTUPS";
    private const string ServicesVariable = Prefix + "SERVICES";

    private static readonly ConcurrentDictionary<int, IReadOnlyList<Action<IServiceCollection>>> Services = [];
    private static int _lastServices;

    /// <summary>Its name for a worker.</summary>
    public static string Name => typeof(TestStartup).AssemblyQualifiedName!;

    /// <summary>Whether a variable is one of these.</summary>
    public static bool IsOwn(string variable) => variable.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The project's environment with what this startup needs to know.</summary>
    public static Dictionary<string, string> Describe(FunctionTestOptions options, TestClock? clock)
    {
        var environment = new Dictionary<string, string>(options.Environment);
        if (clock is not null)
        {
            environment[ClockVariable] = clock.Path;
        }

        if (options.Startups.Count > 0)
        {
            environment[StartupsVariable] = string.Join('\n', options.Startups.Select(startup => startup.AssemblyQualifiedName));
        }

        if (options.Services.Count > 0)
        {
            var id = Interlocked.Increment(ref _lastServices);
            Services[id] = options.Services;
            environment[ServicesVariable] = id.ToString(CultureInfo.InvariantCulture);
        }

        return environment;
    }

    /// <summary>Lets go of what <see cref="Describe"/> kept for that environment: no worker is started with it any more.</summary>
    public static void Forget(IReadOnlyDictionary<string, string> environment)
    {
        if (environment.TryGetValue(ServicesVariable, out var id))
        {
            Services.TryRemove(int.Parse(id, CultureInfo.InvariantCulture), out _);
        }
    }

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services, IConfiguration configuration)
    {
        if (configuration[ClockVariable] is { } clock)
        {
            services.AddSingleton<TimeProvider>(FollowedTime.Follow(clock));
        }

        var context = AssemblyLoadContext.GetLoadContext(typeof(TestStartup).Assembly)!;
        foreach (var name in configuration[StartupsVariable]?.Split('\n') ?? [])
        {
            var startup = Type.GetType(name, context.LoadFromAssemblyName, typeResolver: null, throwOnError: true)!;
            ((IFunctionStartup)Activator.CreateInstance(startup, nonPublic: true)!).ConfigureServices(services, configuration);
        }

        if (configuration[ServicesVariable] is { } id && Services.TryGetValue(int.Parse(id, CultureInfo.InvariantCulture), out var changes))
        {
            foreach (var change in changes)
            {
                change(services);
            }
        }
    }
}
