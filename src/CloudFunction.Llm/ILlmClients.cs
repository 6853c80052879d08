using Microsoft.Extensions.AI;

namespace CloudFunction.Llm;

/// <summary>The project's language models. Thread safe.</summary>
public interface ILlmClients
{
    /// <summary>The name of the provider that is used where none is named.</summary>
    string DefaultName { get; }

    /// <summary>The names of all providers: the built-in ones, and those that the environment defines with
    /// <c>LLM_&lt;NAME&gt;_BASE_URL</c>.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>A provider's client, always the same one.</summary>
    /// <param name="name">The provider, in any case. Null: <see cref="DefaultName"/>.</param>
    /// <exception cref="LlmConfigurationException">There is none of this name. What else is wrong with it is reported at the
    /// first request.</exception>
    IChatClient Get(string? name = null);

    /// <summary>How many tokens a model takes in and gives out together.</summary>
    /// <param name="name">The provider, in any case. Null: <see cref="DefaultName"/>.</param>
    /// <param name="model">The model. Null: the provider's own.</param>
    /// <returns>32,768 where the model is not known.</returns>
    /// <exception cref="LlmConfigurationException">There is no provider of this name.</exception>
    int ContextWindowOf(string? name = null, string? model = null);

    /// <summary>What the project has used on one day, over all of its workers.</summary>
    /// <param name="day">A day in UTC, of the last 31. Null: today.</param>
    /// <param name="cancellationToken">Fires when nobody waits any more.</param>
    /// <exception cref="IOException">The record of it in the project's data directory cannot be read.</exception>
    ValueTask<IReadOnlyList<LlmUsage>> GetUsageAsync(DateOnly? day = null, CancellationToken cancellationToken = default);
}
