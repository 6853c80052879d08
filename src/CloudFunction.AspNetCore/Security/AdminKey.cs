using System.Security.Cryptography;
using System.Text;
using CloudFunction.Runtime.Configuration;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Security;

/// <summary>The configured admin key, and the keys that a request shows.</summary>
internal sealed class AdminKey(string key)
{
    private const string Bearer = "Bearer ";

    private static readonly string[] QueryNames = ["key", "api_key", "apikey", "api-key", "x-api-key", "admin_key", "access_token", "token"];

    // Hashes are of one length, so that the comparison reveals nothing of the key's own.
    private readonly byte[] _hash = Hash(key);

    /// <summary>ADMIN_KEY; null where it is not set.</summary>
    public static AdminKey? Of(CloudFunctionOptions options) => string.IsNullOrEmpty(options.AdminKey) ? null : new AdminKey(options.AdminKey);

    /// <summary>Whether the request has a key in its query string, where it ends up in histories and logs.</summary>
    public static bool IsInQuery(HttpRequest request) => request.QueryString.HasValue && QueryNames.Any(request.Query.ContainsKey);

    /// <summary>The keys in the request's headers; in no order.</summary>
    public static List<string> Shown(HttpRequest request)
    {
        var keys = new List<string>();
        foreach (var value in request.Headers.Authorization)
        {
            if (value is not null && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            {
                keys.Add(value[Bearer.Length..].Trim());
            }
        }

        foreach (var value in request.Headers["X-API-Key"])
        {
            if (!string.IsNullOrEmpty(value))
            {
                keys.Add(value);
            }
        }

        return keys;
    }

    /// <summary>Whether this is the key, found out in the same time whatever it is.</summary>
    public bool Matches(string shown) => CryptographicOperations.FixedTimeEquals(Hash(shown), _hash);

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
