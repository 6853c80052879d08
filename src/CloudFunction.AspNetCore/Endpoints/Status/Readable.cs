using System.Globalization;

namespace CloudFunction.AspNetCore.Endpoints.Status;

/// <summary>Sizes and times for people.</summary>
internal static class Readable
{
    /// <summary>The two greatest units: <c>3d 4h</c>, <c>2h 30m</c>, <c>5m 12s</c>, <c>42s</c>.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { Days: > 0 } => $"{time.Days}d {time.Hours}h",
        { Hours: > 0 } => $"{time.Hours}h {time.Minutes}m",
        { Minutes: > 0 } => $"{time.Minutes}m {time.Seconds}s",
        _ => $"{Math.Max(0, time.Seconds)}s",
    };

    /// <summary>Whole megabytes (2^20 bytes), gigabytes from 1 GB up: <c>256MB</c>, <c>1.5GB</c>.</summary>
    public static string Size(long bytes) => bytes < 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20}MB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.#}GB");
}
