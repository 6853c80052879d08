using System.ComponentModel.DataAnnotations;

namespace LlmFunctions;

public sealed record SummaryRequest([Required, StringLength(200_000)] string Text, [Range(1, 20)] int Sentences = 3);
