namespace CloudFunction.Llm.Providers;

/// <summary>Where a provider is and how it is spoken to, as the environment has it.</summary>
internal sealed class LlmProvider
{
    /// <summary>Its name, in lower case.</summary>
    public required string Name { get; init; }

    /// <summary>The URL that <c>/chat/completions</c> is appended to, as it was written, or <see langword="null"/> for OpenAI's own.</summary>
    public required string? BaseUrl { get; init; }

    /// <summary>The variable that <see cref="BaseUrl"/> comes from.</summary>
    public required string BaseUrlVariable { get; init; }

    /// <summary>The key, if there is one.</summary>
    public required string? ApiKey { get; init; }

    /// <summary>The variables that the key may be in, for the error where it is missing.</summary>
    public required IReadOnlyList<string> ApiKeyVariables { get; init; }

    /// <summary>The model where a call names none.</summary>
    public required string? Model { get; init; }

    /// <summary>The variable that <see cref="Model"/> comes from.</summary>
    public required string ModelVariable { get; init; }

    /// <summary>What MiniMax requires in the query, or <see langword="null"/>.</summary>
    public string? GroupId { get; init; }

    /// <summary>Whether the limit of an answer is called <c>max_completion_tokens</c>, as OpenAI does, or <c>max_tokens</c>, as
    /// the others do.</summary>
    public bool TakesMaxCompletionTokens { get; init; }

    /// <summary>Whether a model's thoughts may be sent back to it. OpenAI, which never shows them, refuses those of others.</summary>
    public bool TakesThoughts { get; init; }
}
