using System.Globalization;

namespace SideBySide.Report;

/// <summary>The median of some rounds, and the least and the most of them.</summary>
internal sealed record Spread(double Median, double Min, double Max)
{
    /// <returns>Null where nothing was measured.</returns>
    public static Spread? Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        var middle = sorted.Length / 2;
        return sorted.Length == 0
            ? null
            : new Spread(sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2, sorted[0], sorted[^1]);
    }

    public string Format(string format)
    {
        return $"{Text(Median)} ({Text(Min)}–{Text(Max)})";

        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
    }
}
