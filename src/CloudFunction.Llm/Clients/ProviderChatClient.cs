using System.Runtime.CompilerServices;
using CloudFunction.Llm.Providers;
using CloudFunction.Llm.Usage;
using CloudFunction.Llm.Wire.Rules;
using Microsoft.Extensions.AI;

namespace CloudFunction.Llm.Clients;

/// <summary>One provider's client: made at the first request, with the project's defaults and limits around it.</summary>
internal sealed class ProviderChatClient(
    LlmProvider provider, LlmOptions options, ChatClientFactory factory, UsageMeter meter, TimeProvider time) : IChatClient
{
    private readonly SemaphoreSlim _places = new(options.MaxConcurrent);
    private readonly Lock _making = new();
    private IChatClient? _inner;

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var inner = Inner();
        await meter.CheckBudgetAsync(cancellationToken).ConfigureAwait(false);
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var began = time.GetTimestamp();
            var request = RequestOptions.Of(options, provider, OptionsOfProject);
            ChatResponse response;
            try
            {
                response = await inner.GetResponseAsync(Thoughts.Return(messages, options, provider), request, cancellationToken)
                    .ConfigureAwait(false);
                FinishReasonRule.Restore(response);
            }
            catch (Exception exception) when (Translate(exception, ModelOf(options), cancellationToken) is { } translated)
            {
                meter.Failed(provider.Name, translated);
                throw translated;
            }

            await meter.CountAsync(
                provider.Name, response.ModelId ?? ModelOf(options), response.Usage, time.GetElapsedTime(began)).ConfigureAwait(false);
            return response;
        }
        finally
        {
            _places.Release();
        }
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var inner = Inner();
        await meter.CheckBudgetAsync(cancellationToken).ConfigureAwait(false);
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var began = time.GetTimestamp();
            UsageDetails? usage = null;
            string? model = null;
            ChatFinishReason? finishReason = null;
            var refusal = new StreamRefusal();
            var updates = inner.GetStreamingResponseAsync(
                Thoughts.Return(messages, options, provider), RequestOptions.Of(options, provider, OptionsOfProject), cancellationToken)
                .GetAsyncEnumerator(cancellationToken);
            await using var _ = updates.ConfigureAwait(false);
            while (await MoveNextAsync(updates, ModelOf(options), cancellationToken).ConfigureAwait(false))
            {
                var update = updates.Current;
                model ??= update.ModelId;
                finishReason = FinishReasonRule.Restore(update, finishReason);
                refusal.Add(update);
                foreach (var content in update.Contents)
                {
                    // A provider that reports it more than once reports the sum so far.
                    usage = content is UsageContent counted ? counted.Details : usage;
                }

                yield return update;
            }

            await meter.CountAsync(provider.Name, model ?? ModelOf(options), usage, time.GetElapsedTime(began)).ConfigureAwait(false);
            if (refusal.Close() is { } refused)
            {
                yield return refused;
            }
        }
        finally
        {
            _places.Release();
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata(provider.Name, null, provider.Model)
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType == typeof(OpenAI.Chat.ChatClient) ? Inner().GetService(serviceType)
            : _inner?.GetService(serviceType); // What wraps this one asks for this and that as it is made, which is before the first use.
    }

    public void Dispose()
    {
        _inner?.Dispose();
        _places.Dispose();
    }

    private LlmOptions OptionsOfProject => options;

    private string ModelOf(ChatOptions? call) => call?.ModelId ?? provider.Model ?? "";

    private LlmRequestException? Translate(Exception exception, string model, CancellationToken cancellationToken) =>
        ChatFaults.Translate(exception, provider, model, options.MaxRetryDelay, cancellationToken);

    private IChatClient Inner()
    {
        lock (_making)
        {
            return _inner ??= factory.Make(provider); // One that fails is tried again, and fails with the same words.
        }
    }

    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<ChatResponseUpdate> updates, string model, CancellationToken cancellationToken)
    {
        try
        {
            return await updates.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (Translate(exception, model, cancellationToken) is { } translated)
        {
            meter.Failed(provider.Name, translated);
            throw translated;
        }
    }
}
