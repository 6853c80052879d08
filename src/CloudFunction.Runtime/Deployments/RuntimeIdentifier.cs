namespace CloudFunction.Runtime.Deployments;

/// <summary>For which machines something was published, such as <c>linux-x64</c> (https://learn.microsoft.com/dotnet/core/rid-catalog).</summary>
/// <param name="System">What code for it can rely on.</param>
/// <param name="Architecture">Such as <c>x64</c>; null for any.</param>
internal readonly record struct RuntimeIdentifier(string System, string? Architecture)
{
    private const string Linux = "linux";
    private const string Musl = "linux-musl";
    private const string Unix = "unix";

    // Whatever else there is, is a distribution of Linux: older SDKs have names for each release of each.
    private static readonly string[] Others =
    [
        Linux, "win", "osx", "any", Unix, "freebsd", "illumos", "solaris", "haiku", "android", "ios", "iossimulator", "tvos", "tvossimulator",
        "maccatalyst", "browser", "wasi",
    ];

    /// <summary>Reads an identifier; versions of systems do not matter.</summary>
    public static RuntimeIdentifier Read(string text)
    {
        var parts = text.ToLowerInvariant().Split('-');
        var name = parts[0].Split('.')[0];
        name = name.StartsWith("win", StringComparison.Ordinal) ? "win" : name; // win10, win7
        var system = name == "alpine" || parts.Contains("musl") || parts.Contains("bionic") ? Musl
            : Others.Contains(name) ? name
            : Linux;
        return new RuntimeIdentifier(system, parts.Length > 1 && parts[^1] is not ("musl" or "bionic") ? parts[^1] : null);
    }

    /// <summary>Whether what was published for this runs on a host of another identifier.</summary>
    public bool RunsOn(RuntimeIdentifier host) =>
        (System == host.System || System == "any" || (System == Unix && host.System != "win"))
        && (Architecture is null || Architecture == host.Architecture);
}
