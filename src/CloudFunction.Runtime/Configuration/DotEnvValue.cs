namespace CloudFunction.Runtime.Configuration;

/// <summary>A value as it stands in a <c>.env</c> file, and what python-dotenv makes of it otherwise.</summary>
/// <param name="Text">Without its quotes, its escapes read.</param>
/// <param name="Quote">The quotes around it; null: none.</param>
/// <param name="Differences">What is read differently there, each as a clause with what reads the same in both.</param>
/// <param name="LiteralDollars">Where dollar signs stand that were escaped.</param>
internal sealed record DotEnvValue(string Text, char? Quote, IReadOnlyList<string> Differences, IReadOnlyList<int> LiteralDollars)
{
    /// <summary>A value without quotes.</summary>
    public static DotEnvValue Bare(string text, params string[] differences) => new(text, null, differences, []);

    /// <summary>Whether there is a reference in it that neither single quotes nor a backslash mark as text.</summary>
    public bool HasReference => Quote != '\'' && DotEnvReferences.FindIn(Text).Except(LiteralDollars).Any();
}
