using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Llm.Tests;

/// <summary>A project's services with language models, as its startup makes them.</summary>
internal sealed class LlmProject : IAsyncDisposable, ILoggerProvider, ILogger
{
    private readonly ServiceProvider _services;
    private readonly bool _ownsDirectory;

    private LlmProject(IReadOnlyDictionary<string, string?> environment, Action<LlmOptions>? configure, string? directory)
    {
        _ownsDirectory = directory is null;
        DataDirectory = directory ?? Directory.CreateTempSubdirectory("cloudfunction-llm-").FullName;
        _services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(environment).Build())
            .AddSingleton(new FunctionProject { Name = "shop", Version = 1, DataDirectory = DataDirectory })
            .AddSingleton(TimeProvider.System)
            .AddLogging(logging => logging.AddProvider(this))
            .AddLlm(configure)
            .BuildServiceProvider(validateScopes: true);
    }

    public string DataDirectory { get; }

    public ConcurrentQueue<string> Logged { get; } = new();

    public ILlmClients Clients => _services.GetRequiredService<ILlmClients>();

    public IChatClient Client => _services.GetRequiredService<IChatClient>();

    public IServiceProvider Services => _services;

    /// <summary>A project whose environment is this.</summary>
    public static LlmProject With(Dictionary<string, string?> environment, Action<LlmOptions>? configure = null, string? directory = null) =>
        new(environment, configure, directory);

    /// <summary>A project whose default provider is the server, with short waits.</summary>
    public static LlmProject At(OpenAiServer server, Action<LlmOptions>? configure = null, string? directory = null, string? budget = null) => new(
        new Dictionary<string, string?>
        {
            ["DEFAULT_LLM_PROVIDER"] = "local",
            ["LLM_LOCAL_BASE_URL"] = server.Url + "/v1",
            ["LLM_LOCAL_API_KEY"] = "secret-key",
            ["LLM_LOCAL_MODEL"] = "local-model",
            ["LLM_DAILY_TOKEN_BUDGET"] = budget,
        },
        options =>
        {
            options.RetryDelay = TimeSpan.FromMilliseconds(1);
            configure?.Invoke(options);
        },
        directory);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (_ownsDirectory)
        {
            Directory.Delete(DataDirectory, recursive: true);
        }
    }

    public void Dispose()
    {
        // As a logger provider: there is nothing to let go of.
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Logged.Enqueue($"{logLevel}: {formatter(state, exception)}");
}
