using System.Text.Json;
using CloudFunction;
using CloudFunction.Llm;
using Microsoft.Extensions.AI;

namespace LlmFunctions;

public sealed class Texts(IChatClient chat, ILlmClients clients)
{
    [Function(Description = "Summary, language, sentiment, topics and entities of a text", TimeoutSeconds = 120)]
    public Task<JsonElement> Analyse(SummaryRequest request, CancellationToken cancellationToken) =>
        chat.AnalyzeTextAsync(request.Text, cancellationToken: cancellationToken);

    [Function(Description = "What the project's models have used today")]
    public ValueTask<IReadOnlyList<LlmUsage>> Usage(CancellationToken cancellationToken) =>
        clients.GetUsageAsync(cancellationToken: cancellationToken);
}
