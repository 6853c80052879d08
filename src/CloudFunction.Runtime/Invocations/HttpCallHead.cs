using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;

namespace CloudFunction.Runtime.Invocations;

/// <summary>The HTTP request of a call of an HTTP function, but its body.</summary>
internal sealed class HttpCallHead
{
    // Room for the invoke header, and for the beginning of a body.
    private const int MaxHeadBytes = FrameHeader.MaxPayloadBytes - 4096;

    private readonly byte[] _head;

    /// <param name="method">In upper case.</param>
    /// <param name="path">The decoded path below the function's route, with its slash.</param>
    /// <param name="queryString">The raw query with its question mark, or the empty text.</param>
    /// <param name="headers">Names and values, in order.</param>
    /// <param name="hasBody">Whether a body follows.</param>
    public HttpCallHead(string method, string path, string queryString, IReadOnlyList<KeyValuePair<string, string>> headers, bool hasBody)
    {
        _head = new HttpRequestHead(method, path, queryString, headers).Encode();
        HasBody = hasBody;
    }

    /// <summary>Whether a body follows.</summary>
    public bool HasBody { get; }

    /// <summary>Whether it is more than a worker takes.</summary>
    public bool IsTooLarge => _head.Length > MaxHeadBytes;

    /// <summary>What stands at the beginning of an invoke frame.</summary>
    public byte[] EncodeBehind(in InvokeHeader header)
    {
        var frame = new byte[InvokeHeader.MaxBytes + sizeof(int) + _head.Length];
        var length = header.Write(frame);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(length), _head.Length);
        _head.CopyTo(frame, length + sizeof(int));
        return frame[..(length + sizeof(int) + _head.Length)];
    }
}
