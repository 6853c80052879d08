using System.Buffers;
using System.Collections;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Hosting;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Logging;
using CloudFunction.Runtime.Logging.Configuration;
using CloudFunction.Runtime.Logging.Routing;
using CloudFunction.Runtime.Logging.Writing;
using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Routing;
using CloudFunction.Runtime.Tests.Deployments;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudFunction.Runtime.Tests.Hosting;

/// <summary>The whole runtime with real workers, below a temporary content root, for one project called <c>shop</c>.</summary>
internal sealed class TestRuntime : IHostApplicationLifetime, IAsyncDisposable
{
    public const string Project = "shop";

    // Far above what a start takes on a machine that is busy with other tests; only a failure takes so long.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly TemporaryDirectory _root = new();
    private readonly CancellationTokenSource _limit = new(Limit);
    private ServiceProvider? _services;

    public CancellationToken ApplicationStarted => CancellationToken.None;

    public CancellationToken ApplicationStopping => CancellationToken.None;

    public CancellationToken ApplicationStopped => CancellationToken.None;

    /// <summary>What the host's process is started with.</summary>
    public Dictionary<string, string> Environment { get; } = System.Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>().ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!);

    /// <summary>The project's folder.</summary>
    public string Folder => _root.Combine("projects", Project);

    /// <summary>A path below the content root.</summary>
    public string PathOf(params string[] parts) => _root.Combine(parts);

    /// <summary>What was staged.</summary>
    public async Task<Deployment> FindDeploymentAsync() =>
        (await TestStaging.Open(_root.Combine("deployments")).FindNewestAsync(Project, CancellationToken.None))!;

    /// <summary>Fills the project's folder with a published fixture.</summary>
    public TestRuntime Deploy(string fixture)
    {
        var source = Path.Combine(AppContext.BaseDirectory, "fixtures", fixture);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(Folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return this;
    }

    /// <summary>Writes a file in the project's folder.</summary>
    public TestRuntime Write(string name, string content)
    {
        _root.Write(Path.Combine("projects", Project, name), content);
        return this;
    }

    /// <summary>Writes the <c>.env</c> at the content root.</summary>
    public TestRuntime WriteSystemEnv(string content)
    {
        _root.Write(".env", content);
        return this;
    }

    /// <summary>Starts the host and waits until the project serves, or it is known why it does not.</summary>
    public async Task<ProjectInfo> StartAsync()
    {
        var settings = SettingsReader.Read(new ConfigurationBuilder().Build(), Environment, _root.Path, configure: null);
        var services = new ServiceCollection();
        services.AddSingleton<IHostApplicationLifetime>(this).AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>)).AddFunctionRuntime(Environment, _ => settings);
        services.AddSingleton(_ => new LogPipeline(
            LoggingConfigurationReader.Default(new LoggingPaths(_root.Path, settings.Options.LogDirectory), levelOverride: null),
            PipelineScope.OwnCategories, ConsoleWriters.Process, TimeProvider.System));
        _services = services.BuildServiceProvider();
        await Runtime.StartAsync(_limit.Token);
        return await WhenSettledAsync();
    }

    /// <summary>What an operator can do, once it has started.</summary>
    public IProjectOperations Operations => _services!.GetRequiredService<IProjectOperations>();

    /// <summary>What the host does of itself.</summary>
    public ProjectFolders Folders => _services!.GetRequiredService<ProjectFolders>();

    /// <summary>The project as it is.</summary>
    public ProjectInfo? Find() => Runtime.FindProject(Project);

    private FunctionRuntime Runtime => _services!.GetRequiredService<FunctionRuntime>();

    private async Task<ProjectInfo> WhenSettledAsync()
    {
        try
        {
            return await Operations.StartAsync(Project, _limit.Token);
        }
        catch (CloudFunctionException)
        {
            // It says itself why it does not serve; the host's own attempt may have begun since.
            ProjectInfo info;
            while ((info = Find()!).Status == ProjectStatus.Starting)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), _limit.Token);
            }

            return info;
        }
    }

    /// <summary>Calls a function of a project that must serve, and returns the result, or fails the test with why there is none.</summary>
    public async Task<JsonNode> InvokeAsync(string function, object? payload = null)
    {
        if (_services is null)
        {
            var info = await StartAsync();
            Assert.True(info.Status == ProjectStatus.Running, info.LastError);
        }

        var body = PipeReader.Create(new ReadOnlySequence<byte>(JsonSerializer.SerializeToUtf8Bytes(payload)));
        using var result = await _services!.GetRequiredService<IInvocationRouter>().InvokeAsync(
            Project, function, new InvocationRequest(body), _limit.Token);
        Assert.True(result.Outcome == InvocationOutcome.Succeeded, result.Error?.Message);
        var json = new StringBuilder(Encoding.UTF8.GetString(result.Payload.Span));
        while (!result.IsComplete)
        {
            await result.ReadAsync();
            json.Append(Encoding.UTF8.GetString(result.Payload.Span));
        }

        return JsonNode.Parse(json.ToString())!;
    }

    public void StopApplication()
    {
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        _limit.Dispose();
        _root.Dispose();
    }
}
