using CloudFunction.Llm.Providers;
using CloudFunction.Llm.Usage;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudFunction.Llm.Clients;

/// <summary>The providers of the project's environment, each with one client.</summary>
internal sealed class LlmClients : ILlmClients, IDisposable
{
    private readonly IReadOnlyDictionary<string, LlmProvider> _providers;
    private readonly Dictionary<string, IChatClient> _clients = new(StringComparer.OrdinalIgnoreCase);
    private readonly TokenLedger _ledger;

    public LlmClients(
        IConfiguration configuration, FunctionProject project, IOptions<LlmOptions> options, TimeProvider time, ILogger<LlmClients> logger)
    {
        var settings = LlmSettings.Read(options.Value, configuration);
        _providers = LlmProviders.Read(configuration);
        DefaultName = settings.DefaultProvider;
        Names = [.. _providers.Keys.Order(StringComparer.Ordinal)];
        _ledger = new TokenLedger(project.DataDirectory, time);
        var meter = new UsageMeter(_ledger, settings.DailyTokenBudget, logger);
        var factory = new ChatClientFactory(
            options.Value, time, (provider, attempt, delay, status, reason) => meter.Retrying(provider.Name, attempt, delay, status, reason));
        foreach (var provider in _providers.Values)
        {
            var client = new ProviderChatClient(provider, options.Value, factory, meter, time);
            _clients.Add(provider.Name, new FunctionInvokingChatClient(client)
            {
                TerminateOnUnknownCalls = true, // Each further request is paid for, and a model that calls what nobody offered does so again.
            });
        }
    }

    public string DefaultName { get; }

    public IReadOnlyList<string> Names { get; }

    public IChatClient Get(string? name = null) => _clients[Find(name).Name];

    public int ContextWindowOf(string? name = null, string? model = null) => ContextWindows.Of(model ?? Find(name).Model);

    public ValueTask<IReadOnlyList<LlmUsage>> GetUsageAsync(DateOnly? day = null, CancellationToken cancellationToken = default) =>
        _ledger.ReadAsync(day, cancellationToken);

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }

        _ledger.Dispose();
    }

    private LlmProvider Find(string? name)
    {
        if (_providers.TryGetValue(name ?? DefaultName, out var provider))
        {
            return provider;
        }

        var owner = _providers.Values.FirstOrDefault(other => string.Equals(other.Model, name ?? DefaultName, StringComparison.OrdinalIgnoreCase));
        var variable = string.Concat((name ?? DefaultName).Select(static character => char.IsAsciiLetterOrDigit(character) ? character : '_'));
        throw new LlmConfigurationException(
            $"There is no language model provider '{name ?? DefaultName}'{(name is null ? ", which DEFAULT_LLM_PROVIDER names" : "")}"
            + $"{(owner is null ? "" : $", which is a model of '{owner.Name}'")}: use one of {string.Join(", ", Names)}, or define it with "
            + $"LLM_{variable.ToUpperInvariant()}_BASE_URL, _API_KEY and _MODEL.");
    }
}
