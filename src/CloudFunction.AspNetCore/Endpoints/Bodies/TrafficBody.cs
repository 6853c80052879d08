using System.Globalization;
using CloudFunction.AspNetCore.Errors;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Bodies;

/// <summary><c>{"3": 90, "4": 10}</c>: weights by version.</summary>
internal static class TrafficBody
{
    // A call in ten thousand: finer parts than that make no difference.
    private const int MaxWeight = 10_000;

    private const string Shape = "must name one version or two with their weights, such as {\"3\": 90, \"4\": 10}";

    /// <exception cref="ApiException">It is something else.</exception>
    public static async Task<IReadOnlyDictionary<int, int>> ReadAsync(HttpContext context)
    {
        var members = await JsonObjectBody.ReadAsync(context).ConfigureAwait(false);
        if (members is not { Count: 1 or 2 })
        {
            throw ApiException.Refuse("body", Shape);
        }

        var weights = new Dictionary<int, int>();
        foreach (var (name, value) in members)
        {
            // In one spelling alone, so that no version can be there twice.
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var version) || version < 1 || name[0] == '0')
            {
                throw ApiException.Refuse(name, "must be the number of a version");
            }

            weights.Add(version, JsonObjectBody.ReadNumber(name, value, MaxWeight));
        }

        return weights;
    }
}
