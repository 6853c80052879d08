using System.Security.Cryptography;
using System.Text;

namespace CloudFunction.Runtime.Tasks;

/// <summary>An Idempotency-Key in its scope, with the payload that it came with. Only hashes are kept: a key may be a secret, and its
/// length is the client's.</summary>
internal sealed record IdempotencyKey
{
    private IdempotencyKey(byte[] scope, byte[] payload)
    {
        Scope = scope;
        Payload = payload;
    }

    /// <summary>The SHA-256 of project, function, caller and key.</summary>
    public byte[] Scope { get; }

    /// <summary>The SHA-256 of the payload.</summary>
    public byte[] Payload { get; }

    /// <summary>The scope as text, by which a key is found in memory.</summary>
    public string Name => Convert.ToHexString(Scope);

    /// <summary>Whether its payload has this SHA-256.</summary>
    public bool HasPayload(ReadOnlySpan<byte> hash) => Payload.AsSpan().SequenceEqual(hash);

    /// <param name="project">Names hold no NUL, so joined by it no two scopes are one text.</param>
    /// <param name="function">Likewise.</param>
    /// <param name="caller">The name of the caller's key; null where none was needed.</param>
    /// <param name="key">What the client sent.</param>
    /// <param name="payload">The request, of which a hash is kept.</param>
    public static IdempotencyKey Of(string project, string function, string? caller, string key, ReadOnlySpan<byte> payload) =>
        OfHash(project, function, caller, key, SHA256.HashData(payload));

    /// <summary>The same, of a payload whose SHA-256 is known.</summary>
    public static IdempotencyKey OfHash(string project, string function, string? caller, string key, byte[] payloadHash) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{project}\0{function}\0{(caller is null ? "" : "=" + caller)}\0{key}")), payloadHash);
}
