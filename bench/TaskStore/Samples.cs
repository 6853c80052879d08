using SideBySide.Report;

namespace TaskStore;

/// <summary>Figures of all rounds by what they are of, in the order in which they came.</summary>
internal sealed class Samples
{
    private readonly Dictionary<string, List<double>> _values = [];

    public void Add(string of, double value)
    {
        if (!_values.TryGetValue(of, out var values))
        {
            _values.Add(of, values = []);
        }

        values.Add(value);
    }

    /// <summary>What they are of.</summary>
    public IEnumerable<string> Names => _values.Keys;

    /// <summary>The figure of the present round.</summary>
    public double Last(string of) => _values[of][^1];

    public string Format(string of) => Spread.Of(_values[of]) is { Median: var median } spread ? spread.Format(median >= 100 ? "0" : "0.0") : "–";

    public string Format(string of, string format) => Spread.Of(_values[of])!.Format(format);

    /// <summary>Ratios are taken within a round.</summary>
    public string Ratio(string of, string to) => _values.TryGetValue(to, out var baseline)
        ? Spread.Of(_values[of].Zip(baseline, (value, floor) => value / floor))!.Format("0.00")
        : "–";
}
