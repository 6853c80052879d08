using System.Collections.Frozen;

namespace CloudFunction.Runtime.Routing;

/// <summary>Divides calls between deployments by weight, each call by itself. Immutable and thread safe.</summary>
internal sealed class TrafficSplit
{
    private readonly FrozenDictionary<string, Share[]> _shares;

    /// <param name="deployments">The functions of each, with the weight of its part, above 0. A function that only one of them has goes
    /// there.</param>
    public TrafficSplit(IEnumerable<(FrozenDictionary<string, FunctionRoute> Functions, int Weight)> deployments) =>
        _shares = deployments
            .SelectMany(deployment => deployment.Functions.Values, (deployment, route) => new Share(route, deployment.Weight))
            .GroupBy(share => share.Route.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(shares => shares.Key, shares => shares.ToArray(), StringComparer.Ordinal);

    /// <summary>Chooses for one call; a deployment that has no worker ready is skipped while another has one.</summary>
    /// <param name="function">The function's name.</param>
    /// <param name="preferred">Whom to choose again where it is still among them; else null.</param>
    public FunctionRoute? Find(string function, FunctionRoute? preferred)
    {
        if (!_shares.TryGetValue(function, out var shares))
        {
            return null;
        }

        if (preferred is not null && Array.Exists(shares, share => ReferenceEquals(share.Route, preferred)))
        {
            return preferred;
        }

        return Choose(shares, onlyReady: true) ?? Choose(shares, onlyReady: false);
    }

    private static FunctionRoute? Choose(Share[] shares, bool onlyReady)
    {
        long total = 0;
        foreach (var share in shares)
        {
            total += share.WeightOf(onlyReady);
        }

        if (total == 0)
        {
            return null;
        }

        var drawn = Random.Shared.NextInt64(total);
        foreach (var share in shares)
        {
            drawn -= share.WeightOf(onlyReady);
            if (drawn < 0)
            {
                return share.Route;
            }
        }

        return null; // A worker was lost between the two rounds.
    }

    private readonly record struct Share(FunctionRoute Route, int Weight)
    {
        public int WeightOf(bool onlyReady) => !onlyReady || Route.Pool.CanTakeCalls ? Weight : 0;
    }
}
