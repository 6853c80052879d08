using CloudFunction.Runtime.Configuration;

namespace CloudFunction.AspNetCore.Transfers;

/// <summary>How long clients may take to send a body, or to receive one.</summary>
/// <param name="Idle">Without a byte.</param>
/// <param name="Total">For the first 8 MB; null where only <paramref name="Idle"/> counts.</param>
internal sealed record TransferLimits(TimeSpan Idle, TimeSpan? Total)
{
    private const long BytesOfTotal = 8L << 20;
    private const double BytesPerSecond = 128 * 1024;

    /// <summary>Of a request's body, or of an answer whose length is known when it begins.</summary>
    public static TransferLimits OfBody(CloudFunctionOptions options) => new(options.BodyIdleTimeout, options.BodyTimeout);

    /// <summary>Of an answer that a function writes while it runs: the call's own deadline bounds the whole.</summary>
    public static TransferLimits OfStream(CloudFunctionOptions options) => new(options.BodyIdleTimeout, null);

    /// <summary>The limit that is passed.</summary>
    /// <param name="idle">How long nothing has come or gone.</param>
    /// <param name="waited">How long the client was waited for altogether.</param>
    /// <param name="bytes">What has come or gone.</param>
    public TransferLimit Find(TimeSpan idle, TimeSpan waited, long bytes) =>
        idle >= Idle ? TransferLimit.Idle
        : Total is { } total && waited >= total + TimeSpan.FromSeconds(Math.Max(0, bytes - BytesOfTotal) / BytesPerSecond) ? TransferLimit.Total
        : TransferLimit.None;
}
