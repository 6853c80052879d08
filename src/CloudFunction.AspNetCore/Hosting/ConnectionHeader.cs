using System.Text;
using CloudFunction.AspNetCore.Endpoints.Http;
using CloudFunction.Runtime.Invocations;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Net.Http.Headers;

namespace CloudFunction.AspNetCore.Hosting;

/// <summary>
/// How the server reads a request's header Connection. Kestrel replaces the whole header by "close", "keep-alive" or "upgrade" where it knows exactly
/// one of the options in it, and with the others go the names of the headers that are not to be passed on. A line with such names is read as if
/// "close, keep-alive" stood behind them, of which "close" holds: it stays, and the connection ends with the answer, as any may.
/// </summary>
internal sealed class ConnectionHeader : Encoding
{
    private const string BothOptions = ", close, keep-alive";

    private static readonly Encoding Ascii = GetEncoding("us-ascii", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);

    private static readonly ConnectionHeader Instance = new();

    /// <summary>Has a server read requests so.</summary>
    public static void ReadBy(KestrelServerOptions options)
    {
        var others = options.RequestHeaderEncodingSelector;
        options.RequestHeaderEncodingSelector = name =>
            name.Equals(HeaderNames.Connection, StringComparison.OrdinalIgnoreCase) ? Instance : others(name);
    }

    public override int GetByteCount(char[] chars, int index, int count) => Ascii.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        Ascii.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) =>
        count + (NamesHeaders(bytes.AsSpan(index, count)) ? BothOptions.Length : 0);

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var count = Ascii.GetChars(bytes, byteIndex, byteCount, chars, charIndex);
        if (chars.AsSpan(charIndex, count).Contains('\0'))
        {
            throw new DecoderFallbackException("A header has no NUL characters."); // The server answers it as what it cannot decode.
        }

        if (NamesHeaders(bytes.AsSpan(byteIndex, byteCount)))
        {
            BothOptions.CopyTo(chars.AsSpan(charIndex + count));
            count += BothOptions.Length;
        }

        return count;
    }

    public override int GetMaxByteCount(int charCount) => Ascii.GetMaxByteCount(charCount);

    public override int GetMaxCharCount(int byteCount) => byteCount + BothOptions.Length;

    private static bool NamesHeaders(ReadOnlySpan<byte> line)
    {
        foreach (var range in line.Split((byte)','))
        {
            var name = Latin1.GetString(line[range].Trim(" \t"u8));
            if (HttpHead.IsName(name)
                && !name.Equals("close", StringComparison.OrdinalIgnoreCase)
                && !EndToEndHeaders.IsOfConnection(name)) // Those never are passed on, named or not.
            {
                return true;
            }
        }

        return false;
    }
}
