using System.Globalization;

namespace SideBySide.Options;

/// <summary>Options as they are written: a name and its value, in turn.</summary>
internal static class OptionValues
{
    public static IEnumerable<(string Name, string Value)> Pair(string[] args, string usage)
    {
        for (var i = 0; i < args.Length; i += 2)
        {
            yield return (args[i], i + 1 < args.Length ? args[i + 1] : throw new UsageException($"{args[i]} needs a value.\n\n{usage}"));
        }
    }

    public static int Positive(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new UsageException($"{name} takes a whole number above 0, not '{value}'.");
}
