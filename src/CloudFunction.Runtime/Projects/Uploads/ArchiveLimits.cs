namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>How much an archive may hold.</summary>
/// <param name="MaxEntries">How many files and folders, those that are only implied by a path included.</param>
/// <param name="MaxTotalBytes">Of all its files, unpacked.</param>
internal sealed record ArchiveLimits(int MaxEntries, long MaxTotalBytes)
{
    /// <summary>How many times its packed size a file, or all of them, may have. Assemblies and source shrink to a third or a tenth, logs
    /// and JSON to a fiftieth; what deflate can do at the most, and only with one byte over and over, is a thousandth.</summary>
    public const int MaxRatio = 200;

    /// <summary>Up to this size the ratio does not count: a small file of blanks harms nobody, and the total is bounded besides.</summary>
    public const long RatioFreeBytes = 1 << 20;

    /// <summary>How long an archive's directory may be: what ten thousand entries take at their longest paths. Its names are all in memory.</summary>
    public const long MaxDirectoryBytes = 8 << 20;

    // A publish output has hundreds of files; ten thousand are unpacked and flushed to disk in seconds.
    private const int Entries = 10_000;

    // What publish outputs shrink to is a third or so; beyond that there is room for a project's data.
    private const int TotalRatio = 5;

    /// <summary>The limits that go with MAX_UPLOAD_BYTES.</summary>
    public static ArchiveLimits For(long maxUploadBytes) =>
        new(Entries, maxUploadBytes > long.MaxValue / TotalRatio ? long.MaxValue : maxUploadBytes * TotalRatio);
}
