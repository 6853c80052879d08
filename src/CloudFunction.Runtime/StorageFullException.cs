namespace CloudFunction.Runtime;

/// <summary>There is no room on the disk of one of the host's folders, and nothing was stored. Works again once there is.</summary>
/// <param name="folder">The setting that names the folder, such as <c>DATA_DIR</c>: its path is the operator's to know.</param>
/// <param name="innerException">What the disk answered, with the path.</param>
internal sealed class StorageFullException(string folder, Exception? innerException = null)
    : CloudFunctionException($"The disk of {folder} is full.", innerException)
{
    // ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL.
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    // ENOSPC and EDQUOT as .NET hands them over: the number of Linux, and of macOS for the second.
    private const int NoSpace = 28;
    private const int LinuxQuota = 122;
    private const int MacQuota = 69;

    // The systems' words for these errors, which programs pass on.
    private static readonly string[] Words = ["No space left on device", "Disk quota exceeded", "There is not enough space on the disk"];

    /// <summary>The setting that names the folder.</summary>
    public string Folder { get; } = folder;

    /// <summary>Whether an I/O error is that of a full disk, or of a quota that is used up.</summary>
    public static bool Is(IOException exception) => exception.HResult is WindowsDiskFull or WindowsHandleDiskFull or NoSpace
        || exception.HResult == (OperatingSystem.IsMacOS() ? MacQuota : LinuxQuota);

    /// <summary>Whether another program reports a full disk in what it writes.</summary>
    public static bool IsReportedIn(string text) => Words.Any(words => text.Contains(words, StringComparison.OrdinalIgnoreCase));
}
