namespace CloudFunction.Llm;

/// <summary>The tokens that one model of one provider has used on one day.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Model">The model.</param>
/// <param name="Requests">How many requests it has answered whole.</param>
/// <param name="InputTokens">Tokens of the requests.</param>
/// <param name="OutputTokens">Tokens of the answers.</param>
public sealed record LlmUsage(string Provider, string Model, long Requests, long InputTokens, long OutputTokens);
