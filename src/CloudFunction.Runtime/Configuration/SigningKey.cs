using System.Text;

namespace CloudFunction.Runtime.Configuration;

/// <summary>Keys of signatures, as settings write them.</summary>
internal static class SigningKey
{
    private const string Prefix = "whsec_";

    /// <summary>The key that a setting stands for: what follows <c>whsec_</c> in Base64, as the Standard Webhooks specification writes keys, else the
    /// text's UTF-8.</summary>
    /// <returns>The key; null where what follows <c>whsec_</c> is not Base64, or there is nothing at all.</returns>
    public static byte[]? Read(string secret)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return secret.Length == 0 ? null : Encoding.UTF8.GetBytes(secret);
        }

        var key = new byte[secret.Length];
        return Convert.TryFromBase64String(secret[Prefix.Length..], key, out var length) && length > 0 ? key[..length] : null;
    }
}
