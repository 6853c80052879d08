namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>Checks all that an archive's directory states, before anything is unpacked.</summary>
internal static class ArchiveCheck
{
    private const uint RegularFile = 0x8000;
    private const uint Folder = 0x4000;

    // Windows' way to mark that something is a link.
    private const uint ReparsePoint = 0x400;

    // As many as a person corrects at a time; the rest are counted.
    private const int MaxFaults = 10;

    /// <summary>Returns where nothing is wrong.</summary>
    /// <exception cref="ProjectException">Entries are refused; the first ten are named.</exception>
    public static void Run(IReadOnlyList<ArchiveEntry> entries, long archiveBytes, ArchiveLimits limits)
    {
        var tree = new ArchiveTree(limits.MaxEntries);
        List<(string Entry, string Reason)> faults = [];
        foreach (var entry in entries)
        {
            if ((FindFault(entry) ?? tree.Add(entry.Name)) is { } reason)
            {
                faults.Add((entry.Name, reason));
            }
        }

        if (faults.Count > 0)
        {
            var messages = faults.Take(MaxFaults).Select(fault => ArchiveRefusal.Describe(fault.Entry, fault.Reason));
            var rest = faults.Count > MaxFaults ? $"\nSo are {faults.Count - MaxFaults} others." : "";
            throw new ProjectException(ProjectErrorCode.BadUpload, string.Join('\n', messages) + rest)
            {
                Field = ArchiveRefusal.Show(faults[0].Entry),
            };
        }

        CheckTotal(entries, archiveBytes, limits);
    }

    private static void CheckTotal(IReadOnlyList<ArchiveEntry> entries, long archiveBytes, ArchiveLimits limits)
    {
        // Each is below the total's limit before it is added: the sum cannot overflow.
        ulong total = 0;
        foreach (var entry in entries)
        {
            if (entry.Bytes > (ulong)limits.MaxTotalBytes || (total += entry.Bytes) > (ulong)limits.MaxTotalBytes)
            {
                throw ArchiveRefusal.Of(
                    entry.Name,
                    $"brings the archive's files to more than the {limits.MaxTotalBytes} bytes that they may have unpacked (five times "
                    + "MAX_UPLOAD_BYTES): leave out what is not needed to run.");
            }
        }

        if (IsBomb(total, (ulong)archiveBytes))
        {
            throw ArchiveRefusal.Of(
                $"has {archiveBytes} bytes and unpacks to {total}, more than {ArchiveLimits.MaxRatio} times as many: leave out files that "
                + "hold next to nothing.");
        }
    }

    private static string? FindFault(ArchiveEntry entry)
    {
        if (!entry.IsText)
        {
            return "has a name that is not UTF-8: make the archive with a program that writes UTF-8 names.";
        }

        return EntryName.FindFault(entry.Name) ?? FindTypeFault(entry) ?? FindContentFault(entry);
    }

    private static string? FindTypeFault(ArchiveEntry entry)
    {
        if ((entry.FileType != 0 && entry.FileType != RegularFile && entry.FileType != Folder) || (entry.Attributes & ReparsePoint) != 0)
        {
            return "is a link, a device or another special file: put an ordinary file there.";
        }

        return entry.FileType != 0 && entry.IsFolder != (entry.FileType == Folder)
            ? "is a file by its name and a folder by its attributes, or the other way round: make the archive anew."
            : null;
    }

    private static string? FindContentFault(ArchiveEntry entry)
    {
        if (entry.IsEncrypted)
        {
            return "is encrypted: make the archive without a password.";
        }

        if (entry.IsFolder)
        {
            return entry.Bytes == 0 ? null : "is a folder with content of its own: make the archive anew.";
        }

        if (entry.Method is not (ArchiveEntry.Stored or ArchiveEntry.Deflated))
        {
            return $"is compressed with method {entry.Method}: make the archive with Deflate, the usual one, or with no compression.";
        }

        if (entry.Method == ArchiveEntry.Stored && entry.PackedBytes != entry.Bytes)
        {
            return $"is not compressed, and yet has {entry.PackedBytes} bytes packed and {entry.Bytes} unpacked: make the archive anew.";
        }

        return IsBomb(entry.Bytes, entry.PackedBytes)
            ? $"unpacks from {entry.PackedBytes} bytes to {entry.Bytes}, more than {ArchiveLimits.MaxRatio} times as many: leave it out, or make it "
                + "where it is needed."
            : null;
    }

    private static bool IsBomb(ulong bytes, ulong packed) => bytes > ArchiveLimits.RatioFreeBytes && bytes / ArchiveLimits.MaxRatio > packed;
}
