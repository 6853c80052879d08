using System.Net;

namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>Addresses that are not the public Internet's.</summary>
/// <param name="Network">Of IPv4 or IPv6.</param>
/// <param name="What">What they are, for error messages, in the plural.</param>
/// <param name="IsPrivate">Whether they are somebody's own network, which CALLBACK_ALLOW_PRIVATE opens; false: nothing opens them.</param>
internal sealed record SpecialRange(IPNetwork Network, string What, bool IsPrivate);
