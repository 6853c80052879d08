using System.Net;
using CloudFunction.AspNetCore.Errors;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Pipeline;

/// <summary>The hosts of TRUSTED_HOSTS.</summary>
internal sealed class TrustedHosts(IReadOnlyList<string> items)
{
    private const string AnyBelow = "*.";

    private readonly HashSet<string> _exact = [.. items.Where(static item => !item.StartsWith('*')).Select(Plain)];
    private readonly string[] _suffixes =
        [.. items.Where(static item => item.StartsWith(AnyBelow, StringComparison.Ordinal)).Select(static item => Plain(item[1..]))];

    /// <summary>Whether there is anything to check.</summary>
    public bool IsAny { get; } = items.Contains("*");

    /// <summary>The refusal of a request for another host; null where it is for one of these, or asks for the host's health: load balancers
    /// do that by address.</summary>
    public ApiError? Check(HttpRequest request) =>
        IsAny || Contains(request.Host.Host) || request.Path.StartsWithSegments("/health")
            ? null
            : ApiError.Invalid("Host", "must be one of TRUSTED_HOSTS");

    private bool Contains(string host)
    {
        var plain = Plain(host);
        return plain.Length > 0
            && (_exact.Contains(plain)
                || Array.Exists(_suffixes, suffix => plain.Length > suffix.Length && plain.EndsWith(suffix, StringComparison.Ordinal)));
    }

    // Case does not count, nor the dot that makes a name absolute; addresses have many spellings, of which one is taken.
    private static string Plain(string host)
    {
        var text = host.Trim('[', ']');
        return text.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(text, out var address)
            ? address.ToString()
            : (text.EndsWith('.') ? text[..^1] : text).ToLowerInvariant();
    }
}
