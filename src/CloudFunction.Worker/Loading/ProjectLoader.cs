using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;
using CloudFunction.Worker.Functions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudFunction.Worker.Loading;

/// <summary>Turns an entry assembly into functions that can be called.</summary>
internal static class ProjectLoader
{
    /// <summary>The prefix of the category of a project's own logger; its name follows.</summary>
    public const string CategoryPrefix = "cloudfunction.projects.";

    /// <summary>Finds the functions, builds the project's services and binds the one to the other. Hosted services are not started yet.</summary>
    /// <param name="entry">The assembly that is searched for functions and for the startup.</param>
    /// <param name="settings">Which deployment it is.</param>
    /// <param name="logging">Where the records of the project's loggers go. Ask <see cref="InvocationScope.Current"/> in it for the invocation. It
    /// is the caller's to dispose.</param>
    /// <exception cref="ProjectLoadException">The deployment is refused.</exception>
    public static LoadedProject Load(Assembly entry, ProjectSettings settings, ILoggerProvider logging)
    {
        var discovery = Discovery.Of(entry);
        if (discovery.Problems.Count > 0)
        {
            throw new ProjectLoadException(discovery.Problems);
        }

        MakeDataDirectory(settings.DataDirectory);
        var configuration = ProjectServices.Configure(settings);
        ServiceProvider? services = null;
        try
        {
            services = ProjectServices.Build(StartupsOf(entry, discovery.Startup, settings.Startup), settings, configuration, logging);
            var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(CategoryPrefix + settings.Project);
            var project = MakeContext(settings, configuration, services, logger);
            return new LoadedProject(Bind(discovery, project, services), discovery.Skipped, services, configuration, logger);
        }
        catch (Exception)
        {
            // A refused deployment ends its worker, or a test. What was built so far is let go of; its own failure would hide the reason.
            services?.DisposeAsync().AsTask().ContinueWith(static disposed => _ = disposed.Exception, TaskScheduler.Default);
            configuration.Dispose();
            throw;
        }
    }

    private static IEnumerable<Type> StartupsOf(Assembly entry, Type? own, string? further)
    {
        var context = AssemblyLoadContext.GetLoadContext(entry) ?? AssemblyLoadContext.Default;
        Type?[] startups =
        [
            own,
            further is null ? null : Type.GetType(further, context.LoadFromAssemblyName, typeResolver: null, throwOnError: true),
        ];
        return startups.OfType<Type>();
    }

    private static List<FunctionInvoker> Bind(Discovery discovery, ProjectContext project, ServiceProvider services)
    {
        var binder = new FunctionBinder(project, services);
        var invokers = new List<FunctionInvoker>(discovery.Functions.Count);
        var problems = new List<string>();
        foreach (var function in discovery.Functions)
        {
            if (binder.Bind(function, problems) is { } invoker)
            {
                invokers.Add(invoker);
            }
        }

        return problems.Count == 0 ? invokers : throw new ProjectLoadException(problems);
    }

    private static ProjectContext MakeContext(ProjectSettings settings, ConfigurationRoot configuration, ServiceProvider services, ILogger logger)
    {
        JsonSerializerOptions json;
        try
        {
            json = services.GetRequiredService<IOptions<FunctionJsonOptions>>().Value.SerializerOptions
                ?? throw new InvalidOperationException("SerializerOptions is null.");
            json.MakeReadOnly(populateMissingResolver: true);
        }
        catch (Exception exception)
        {
            // The user's own configuration of the options runs here.
            throw new ProjectLoadException([$"FunctionJsonOptions cannot be used: {LoadCause.MessageOf(exception)}"], exception);
        }

        return new ProjectContext
        {
            Settings = settings,
            Configuration = configuration,
            HasMiddleware = services.GetService<IServiceProviderIsService>()?.IsService(typeof(IFunctionMiddleware)) == true,
            Scopes = services.GetRequiredService<IServiceScopeFactory>(),
            Logger = logger,
            Json = json,
            Results = new ResultSerializer(json),
            Lines = new ResultSerializer(json, onOneLine: true),
        };
    }

    private static void MakeDataDirectory(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProjectLoadException([$"The project's data directory '{path}' cannot be made: {exception.Message}"], exception);
        }
    }
}
