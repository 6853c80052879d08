using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Wire.Rules;

/// <summary>One way in which answers differ from OpenAI's, and how that is mended.</summary>
/// <param name="Name">What it is called in the documentation.</param>
/// <param name="Mend">Changes a whole answer, or a chunk of a stream, where it applies; false where it does not.</param>
internal sealed record WireRule(string Name, Func<JsonObject, AnswerState, bool> Mend);
