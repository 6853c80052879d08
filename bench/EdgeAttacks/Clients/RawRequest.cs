using System.Globalization;
using System.Text;

namespace EdgeAttacks.Clients;

/// <summary>The heads of requests, as bytes: what an attacker sends is not for a well-behaved client to send.</summary>
internal static class RawRequest
{
    public static byte[] Get(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");

    /// <summary>The head of a POST.</summary>
    /// <param name="path">Path and query.</param>
    /// <param name="length">What is announced; null is chunked.</param>
    /// <param name="type">The media type.</param>
    /// <param name="idempotencyKey">Null sends none.</param>
    public static byte[] Post(string path, long? length, string type = "application/json", string? idempotencyKey = null) => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\n"
        + (idempotencyKey is null ? "" : $"Idempotency-Key: {idempotencyKey}\r\n")
        + (length is { } bytes ? $"Content-Length: {bytes.ToString(CultureInfo.InvariantCulture)}\r\n\r\n" : "Transfer-Encoding: chunked\r\n\r\n"));

    /// <summary>JSON of exactly so many bytes: one string.</summary>
    public static byte[] Text(int bytes)
    {
        var text = new byte[bytes];
        text.AsSpan().Fill((byte)'x');
        text[0] = text[^1] = (byte)'"';
        return text;
    }
}
