namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>What an archive's directory states of one entry; none of it can be trusted.</summary>
internal sealed record ArchiveEntry
{
    // APPNOTE 4.4.4 (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT): encrypted, strongly encrypted, directory masked.
    private const int EncryptionFlags = 1 | (1 << 6) | (1 << 13);

    // The Unix mode is in the upper half of the external attributes.
    private const int ModeShift = 16;
    private const uint OwnerExecutes = 0x40;

    /// <summary>No compression at all.</summary>
    public const int Stored = 0;

    /// <summary>The usual compression.</summary>
    public const int Deflated = 8;

    /// <summary>Its path, as written.</summary>
    public required string Name { get; init; }

    /// <summary>Whether that is UTF-8, or ASCII, in the archive; else it is only to be shown.</summary>
    public required bool IsText { get; init; }

    /// <summary>General purpose bit flags.</summary>
    public required int Flags { get; init; }

    /// <summary>How it is compressed.</summary>
    public required int Method { get; init; }

    /// <summary>The checksum that its content is to have.</summary>
    public required uint Checksum { get; init; }

    /// <summary>Its size in the archive.</summary>
    public required ulong PackedBytes { get; init; }

    /// <summary>Its size unpacked.</summary>
    public required ulong Bytes { get; init; }

    /// <summary>Where in the archive its own header begins.</summary>
    public required ulong Offset { get; init; }

    /// <summary>Where in the archive it has to end: at the next entry's header, or the directory.</summary>
    public ulong End { get; init; }

    /// <summary>Attributes as the system had them that made the archive.</summary>
    public required uint Attributes { get; init; }

    /// <summary>Whether it is a folder.</summary>
    public bool IsFolder => Name.EndsWith('/');

    /// <summary>Whether it needs a password.</summary>
    public bool IsEncrypted => (Flags & EncryptionFlags) != 0 || Method == 99; // 99: AES, as WinZip has it

    /// <summary>Whether its owner could execute it.</summary>
    public bool IsExecutable => ((Attributes >> ModeShift) & OwnerExecutes) != 0;

    /// <summary>The kind of file by its Unix mode; 0 where that is not stated.</summary>
    public uint FileType => (Attributes >> ModeShift) & 0xF000;
}
