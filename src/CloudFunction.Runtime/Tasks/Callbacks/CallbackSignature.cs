using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>Signs callbacks as the Standard Webhooks specification 1.0.0 requires, so that its libraries verify them.</summary>
/// <param name="key">The key itself, as <see cref="Configuration.SigningKey.Read"/> gives it.</param>
internal sealed class CallbackSignature(byte[] key)
{
    /// <summary>The header's value: <c>v1,</c> and the HMAC-SHA256 of id, time and body with dots between them, in Base64.</summary>
    /// <param name="id">The same for every try of a callback.</param>
    /// <param name="timestamp">When it is sent, in seconds since 1970.</param>
    /// <param name="body">Byte by byte as it is sent.</param>
    public string Sign(string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        hash.AppendData(body);
        return $"v1,{Convert.ToBase64String(hash.GetHashAndReset())}";
    }
}
