using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Projects.Uploads;

namespace CloudFunction.Runtime.Tests.Projects.Uploads;

public sealed class ArchiveExtractorTests : IDisposable
{
    private const int MaxUpload = 1 << 20;

    private static readonly ArchiveLimits Limits = ArchiveLimits.For(MaxUpload);

    private readonly TemporaryDirectory _folder = new();

    private string Destination => _folder.Combine("parent", "destination");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ExtractAsync_ArchiveOfTheFramework_WritesItsFiles()
    {
        using var archive = new MemoryStream();
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write(zip, "Hello.cs", "class Hello;");
            Write(zip, "模板/问候.txt", "你好");
            zip.CreateEntry("empty/");
            Write(zip, "data/nothing.txt", "");
        }

        await ExtractAsync(archive);

        Assert.Equal(["Hello.cs", "data/nothing.txt", "模板/问候.txt"], Files());
        Assert.Equal("你好", await File.ReadAllTextAsync(Path.Combine(Destination, "模板", "问候.txt")));
        Assert.True(Directory.Exists(Path.Combine(Destination, "empty")));
    }

    [Fact]
    public async Task ExtractAsync_WrittenToAStreamThatCannotSeek_WritesItsFiles()
    {
        using var archive = new MemoryStream();
        using (var zip = new ZipArchive(new WriteOnlyStream(archive), ZipArchiveMode.Create))
        {
            Write(zip, "a.txt", "sizes come after the content");
        }

        await ExtractAsync(archive);

        Assert.Equal("sizes come after the content", await File.ReadAllTextAsync(Path.Combine(Destination, "a.txt")));
    }

    [Theory]
    [InlineData(new[] { "app/", "app/a.cs", "app/b/c.txt" }, new[] { "a.cs", "b/c.txt" })]
    [InlineData(new[] { "app/a.cs", "__MACOSX/app/._a.cs", ".DS_Store", "app/.DS_Store", "app/._a.cs", "._app" }, new[] { "a.cs" })]
    [InlineData(new[] { "app/a.cs", "readme.md" }, new[] { "app/a.cs", "readme.md" })]
    [InlineData(new[] { "app/a.cs", "application/a.cs" }, new[] { "app/a.cs", "application/a.cs" })]
    [InlineData(new[] { "app/lib/a.cs", "app/lib/b.cs" }, new[] { "lib/a.cs", "lib/b.cs" })]
    [InlineData(new[] { "a.cs" }, new[] { "a.cs" })]
    [InlineData(new[] { ".env", "...x", "a b.txt", "con-fig.cs", "café.txt" }, new[] { "...x", ".env", "a b.txt", "café.txt", "con-fig.cs" })]
    public async Task ExtractAsync_OneFolderWithNothingBesideIt_IsTheRoot(string[] names, string[] files)
    {
        await ExtractAsync(new TestArchive([.. names.Select(name => new TestEntry(name, name.EndsWith('/') ? "" : name))]).Open());

        Assert.Equal(files, Files());
    }

    [Fact]
    public async Task ExtractAsync_StoredZip64WithAComment_WritesItsFiles()
    {
        await ExtractAsync(new TestArchive(new TestEntry("a.txt", "as it is") { Method = 0 }) { IsZip64 = true, Comment = "made by hand" }.Open());

        Assert.Equal("as it is", await File.ReadAllTextAsync(Path.Combine(Destination, "a.txt")));
    }

    [Fact]
    public async Task ExtractAsync_SizesInTheZip64Field_WritesItsFiles()
    {
        var entry = new TestEntry("a.txt", "some text") { Method = 0 };
        var extra = new byte[20];
        BinaryPrimitives.WriteUInt16LittleEndian(extra, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(extra.AsSpan(2), 16);
        BinaryPrimitives.WriteInt64LittleEndian(extra.AsSpan(4), entry.Bytes);
        BinaryPrimitives.WriteInt64LittleEndian(extra.AsSpan(12), entry.Bytes);

        await ExtractAsync(new TestArchive(entry with { Bytes = uint.MaxValue, PackedBytes = uint.MaxValue, Extra = extra }).Open());

        Assert.Equal("some text", await File.ReadAllTextAsync(Path.Combine(Destination, "a.txt")));
    }

    [SkippableFact]
    public async Task ExtractAsync_UnixModes_KeepsTheOwnersRightToExecuteAlone()
    {
        Skip.If(OperatingSystem.IsWindows());
#pragma warning disable CA1416 // Skipped above.
        await ExtractAsync(new TestArchive(new TestEntry("tool").WithMode("104711"), new TestEntry("text").WithMode("100666")).Open());

        Assert.Equal(
            UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.Combine(Destination, "tool")) & (Execute | UnixFileMode.SetUser | UnixFileMode.OtherWrite));
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Path.Combine(Destination, "text")) & (Execute | UnixFileMode.OtherWrite));
#pragma warning restore CA1416
    }

    [Theory]
    [InlineData("../out.txt", "'..'")]
    [InlineData("../destination-two/out.txt", "'..'")]
    [InlineData("a/../../out.txt", "'..'")]
    [InlineData("a/..", "'..'")]
    [InlineData("./a", "'.'")]
    [InlineData("/etc/out", "absolute")]
    [InlineData("//server/share/out", "absolute")]
    [InlineData("C:/out.txt", "drive")]
    [InlineData("C:out.txt", "drive")]
    [InlineData("C:\\out.txt", "backslash")]
    [InlineData("\\\\server\\share\\out", "backslash")]
    [InlineData("a\\..\\out.txt", "backslash")]
    [InlineData("a.txt:stream", "stream")]
    [InlineData("a//b", "no name")]
    [InlineData("a//", "no name")]
    [InlineData("", "no name")]
    [InlineData("a\0.txt", "control")]
    [InlineData("a\u001b[2J", "control")]
    [InlineData("a\nb", "control")]
    [InlineData("a\u202Etxt.exe", "control")]
    [InlineData("a?.txt", "character")]
    [InlineData("a\uFFFE", "character")]
    [InlineData("a\uFFFF", "character")]
    [InlineData("CON", "device")]
    [InlineData("a/nul.txt", "device")]
    [InlineData("Com1.tar.gz/b", "device")]
    [InlineData("lpt9 .txt", "device")]
    [InlineData("a./b", "dot")]
    [InlineData("a ", "blank")]
    public async Task ExtractAsync_NameThatIsNoPathWithinAFolder_IsRefused(string name, string reason)
    {
        var exception = await RefuseAsync(new TestArchive(new TestEntry("good.txt"), new TestEntry(name)).Open());

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.NotNull(exception.Field);
        Assert.DoesNotContain(exception.Field, character => char.IsControl(character) || character == '\u202E');
    }

    [Fact]
    public async Task ExtractAsync_LongAndDeepNames_AreAllNamed()
    {
        var exception = await RefuseAsync(new TestArchive(
            new TestEntry(new string('a', 256)),
            new TestEntry(new string('汉', 86)),
            new TestEntry(string.Concat(Enumerable.Repeat("0123456789/", 50))),
            new TestEntry(string.Concat(Enumerable.Repeat("d/", 32)) + "f"),
            new TestEntry(new string('x', ushort.MaxValue))).Open());

        Assert.Equal(5, exception.Message.Split('\n').Length);
        Assert.Contains("256 bytes; at most 255", exception.Message, StringComparison.Ordinal);
        Assert.Contains("258 bytes; at most 255", exception.Message, StringComparison.Ordinal);
        Assert.Contains("550 bytes; at most 512", exception.Message, StringComparison.Ordinal);
        Assert.Contains("32 folders deep; at most 31", exception.Message, StringComparison.Ordinal);
        Assert.Contains("65535 bytes; at most 512", exception.Message, StringComparison.Ordinal);
        Assert.Equal(new string('a', 200) + "…", exception.Field);
    }

    [Fact]
    public async Task ExtractAsync_ManyFaults_NamesTenAndCountsTheRest()
    {
        var exception = await RefuseAsync(new TestArchive([.. Enumerable.Range(0, 15).Select(i => new TestEntry($"../{i}"))]).Open());

        Assert.Equal("So are 5 others.", exception.Message.Split('\n')[^1]);
        Assert.Equal("../0", exception.Field);
    }

    [Theory]
    [InlineData("a.txt", "a.txt", "twice")]
    [InlineData("a.txt", "A.TXT", "only in case")]
    [InlineData("dir/a.txt", "Dir/b.txt", "only in case")]
    [InlineData("dir/", "DIR/", "only in case")]
    [InlineData("caf\u00e9.txt", "cafe\u0301.txt", "accents")]
    [InlineData("caf\u00e9/a", "CAFE\u0301/b", "accents")]
    [InlineData("a", "a/b", "needs a folder")]
    [InlineData("a/b", "a", "another entry needs the folder")]
    [InlineData("a/b", "A", "another entry needs the folder")]
    public async Task ExtractAsync_TwoEntriesThatMeet_AreRefused(string first, string second, string reason)
    {
        var exception = await RefuseAsync(new TestArchive(new TestEntry(first, ""), new TestEntry(second, "")).Open());

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.Contains(
            "rename one of the two",
            exception.Message.Replace("make the archive anew", "rename one of the two", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.Equal(second, exception.Field);
    }

    [Theory]
    [InlineData("120777", "a link")]
    [InlineData("020666", "a device")]
    [InlineData("060666", "a device")]
    [InlineData("010666", "special file")]
    [InlineData("140666", "special file")]
    [InlineData("040755", "a folder by its attributes")]
    public async Task ExtractAsync_NoOrdinaryFile_IsRefused(string mode, string reason)
    {
        var exception = await RefuseAsync(new TestArchive(new TestEntry("link", "/etc/passwd").WithMode(mode)).Open());

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.Equal("link", exception.Field);
    }

    [Fact]
    public async Task ExtractAsync_LinkOfWindows_IsRefused() =>
        Assert.Contains(
            "a link", (await RefuseAsync(new TestArchive(new TestEntry("link") { Attributes = 0x400 }).Open())).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(8, 1, "encrypted")]
    [InlineData(8, 1 << 6, "encrypted")]
    [InlineData(8, 1 << 13, "encrypted")]
    [InlineData(99, 0, "encrypted")]
    [InlineData(9, 0, "method 9")]
    [InlineData(12, 0, "method 12")]
    [InlineData(14, 0, "method 14")]
    [InlineData(93, 0, "method 93")]
    public async Task ExtractAsync_EncryptedOrOtherwiseCompressed_IsRefused(int method, int flags, string reason)
    {
        var exception = await RefuseAsync(new TestArchive(new TestEntry("a.txt") { Method = method, Flags = flags }).Open());

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.Equal("a.txt", exception.Field);
    }

    [Fact]
    public async Task ExtractAsync_NameInAnotherCodePage_IsRefused()
    {
        var exception = await RefuseAsync(new TestArchive(new TestEntry([0xC4, 0xE3], []) { Flags = 0 }).Open());

        Assert.Contains("UTF-8", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExtractAsync_CutAnywhere_IsRefused()
    {
        var whole = new TestArchive(new TestEntry("a/b.txt"), new TestEntry("a/c.txt")) { IsZip64 = true }.Build();
        for (var length = 0; length < whole.Length; length++)
        {
            await RefuseAsync(new MemoryStream(whole[..length]));
        }
    }

    [Fact]
    public async Task ExtractAsync_AnyByteChanged_WritesNothingElse()
    {
        var whole = new TestArchive(new TestEntry("a.txt", "one"), new TestEntry("b.txt", "two") { Method = 0 }) { IsZip64 = true }.Build();
        var random = new Random(42);
        for (var i = 0; i < whole.Length; i++)
        {
            var changed = (byte[])whole.Clone();
            changed[i] ^= (byte)random.Next(1, 256);
            try
            {
                await ExtractAsync(new MemoryStream(changed));
                Assert.InRange(Files().Length, 1, 2);
                Directory.Delete(Destination, recursive: true);
            }
            catch (ProjectException)
            {
                AssertNothingWritten();
            }
        }

        Assert.Equal(["parent"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("", "not a zip archive")]
    [InlineData("hello, this is text and not an archive at all", "not a zip archive")]
    [InlineData("PK\u0003\u0004 and then nothing that would end it, cut short", "end missing")]
    public async Task ExtractAsync_NoArchive_IsRefused(string content, string reason)
    {
        var exception = await RefuseAsync(new MemoryStream(Encoding.Latin1.GetBytes(content)));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.Null(exception.Field);
    }

    [Fact]
    public async Task ExtractAsync_NoEntriesOrFoldersAlone_IsRefused()
    {
        Assert.Contains("no entries", (await RefuseAsync(new TestArchive().Open())).Message, StringComparison.Ordinal);
        Assert.Contains("no files", (await RefuseAsync(new TestArchive(new TestEntry("a/", "")).Open())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 65_535ul, "65535 entries; at most 10000")]
    [InlineData(true, 1_000_000ul, "1000000 entries; at most 10000")]
    [InlineData(true, ulong.MaxValue, "entries; at most 10000")]
    [InlineData(false, 3ul, "to have 3 entries, and has 2")]
    [InlineData(false, 1ul, "to have 1 entries, and has more")]
    public async Task ExtractAsync_CountThatIsTooHighOrALie_IsRefused(bool isZip64, ulong count, string reason)
    {
        var archive = new TestArchive(new TestEntry("a"), new TestEntry("b")) { IsZip64 = isZip64, Count = count };

        Assert.Contains(reason, (await RefuseAsync(archive.Open())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExtractAsync_MillionEntries_IsRefusedBeforeTheyAreRead()
    {
        var archive = new TestArchive(new TestEntry("a")) { IsZip64 = true, Count = 1_000_000 }.Build();
        var before = GC.GetAllocatedBytesForCurrentThread();

        await RefuseAsync(new MemoryStream(archive));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public async Task ExtractAsync_FewEntriesThatNeedManyFolders_IsRefused()
    {
        var entries = Enumerable.Range(0, 1000).Select(i => new TestEntry(string.Concat(Enumerable.Repeat($"{i}/", 20)) + "f", ""));

        Assert.Contains(
            "more than 10000 files and folders", (await RefuseAsync(new TestArchive([.. entries]).Open())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExtractAsync_Bomb_IsRefusedBeforeItIsUnpacked()
    {
        var bomb = new TestEntry("bomb"u8.ToArray(), new byte[4 << 20]);

        var exception = await RefuseAsync(new TestArchive(bomb).Open());

        Assert.Contains("more than 200 times", exception.Message, StringComparison.Ordinal);
        Assert.Equal("bomb", exception.Field);
    }

    [Fact]
    public async Task ExtractAsync_BombOfManySmallFiles_IsRefused()
    {
        var zeros = new byte[ArchiveLimits.RatioFreeBytes];

        var exception = await RefuseAsync(new TestArchive([.. Enumerable.Range(0, 4).Select(i => new TestEntry([(byte)('a' + i)], zeros))]).Open());

        Assert.Contains("more than 200 times", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExtractAsync_MoreThanTheTotal_IsRefused()
    {
        var content = new byte[MaxUpload];
        new Random(1).NextBytes(content);

        var exception = await RefuseAsync(
            new TestArchive([.. Enumerable.Range(0, 6).Select(i => new TestEntry([(byte)('a' + i)], content) { Method = 0 })]).Open());

        Assert.Contains("5242880 bytes", exception.Message, StringComparison.Ordinal);
        Assert.Contains("MAX_UPLOAD_BYTES", exception.Message, StringComparison.Ordinal);
        Assert.Equal("f", exception.Field);
    }

    [Theory]
    [InlineData(3, "more than the 3 bytes")]
    [InlineData(0, "more than the 0 bytes")]
    [InlineData(100, "to 7 bytes, and the archive's directory states 100")]
    public async Task ExtractAsync_SizeThatIsALie_IsRefused(long bytes, string reason)
    {
        var exception = await RefuseAsync(new TestArchive(new TestEntry("good"), new TestEntry("liar") { Bytes = bytes }).Open());

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.Equal("liar", exception.Field);
    }

    [Fact]
    public async Task ExtractAsync_StoredWithTwoSizes_IsRefused() =>
        Assert.Equal("liar", (await RefuseAsync(new TestArchive(new TestEntry("liar") { Method = 0, Bytes = 3 }).Open())).Field);

    [Fact]
    public async Task ExtractAsync_WrongChecksum_IsRefused() =>
        Assert.Contains(
            "checksum", (await RefuseAsync(new TestArchive(new TestEntry("a") { Checksum = 1 }).Open())).Message, StringComparison.Ordinal);

    [Fact]
    public async Task ExtractAsync_TwoHeadersWithDifferentNames_IsRefused() =>
        Assert.Contains(
            "not what stands where",
            (await RefuseAsync(new TestArchive(new TestEntry("a") { LocalName = "b"u8.ToArray() }).Open())).Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task ExtractAsync_EntriesThatShareTheirContent_AreRefused()
    {
        var archive = new TestArchive(new TestEntry("a", "one"), new TestEntry("b", "one") { Offset = 0 });

        Assert.Contains("reaches into another", (await RefuseAsync(archive.Open())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExtractAsync_PackedSizeBeyondTheNextEntry_IsRefused()
    {
        var archive = new TestArchive(new TestEntry("a", "one") { Method = 0, Bytes = 30, PackedBytes = 30 }, new TestEntry("b", "two"));

        Assert.Contains("reaches into another", (await RefuseAsync(archive.Open())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExtractAsync_Cancelled_LeavesNothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => ArchiveExtractor.ExtractAsync(new TestArchive(new TestEntry("a")).Open(), Destination, Limits, cancelled.Token));

        AssertNothingWritten();
    }

    [Fact]
    public async Task ExtractAsync_DestinationWithFiles_IsLeftAlone()
    {
        _folder.Write("parent/destination/mine.txt", "mine");

        await Assert.ThrowsAsync<IOException>(() => ExtractAsync(new TestArchive(new TestEntry("a")).Open()));

        Assert.Equal(["mine.txt"], Files());
    }

    private static void Write(ZipArchive archive, string name, string content)
    {
        using var writer = new StreamWriter(archive.CreateEntry(name).Open());
        writer.Write(content);
    }

#pragma warning disable CA1416 // Used where it is supported.
    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
#pragma warning restore CA1416

    private Task ExtractAsync(Stream archive) => ArchiveExtractor.ExtractAsync(archive, Destination, Limits, CancellationToken.None);

    private async Task<ProjectException> RefuseAsync(Stream archive)
    {
        var exception = await Assert.ThrowsAsync<ProjectException>(() => ExtractAsync(archive));

        Assert.Equal(ProjectErrorCode.BadUpload, exception.Code);
        AssertNothingWritten();
        return exception;
    }

    private void AssertNothingWritten()
    {
        Assert.Empty(Directory.EnumerateFileSystemEntries(Destination));
        Assert.Equal([Destination], Directory.EnumerateFileSystemEntries(_folder.Combine("parent")));
        Assert.Equal(["parent"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    private string[] Files() =>
        [.. Directory.EnumerateFiles(Destination, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Destination, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    /// <summary>Names, extra fields and comments of 65,535 bytes each, ten thousand times: four such archives had the host need 750 MB.</summary>
    [Theory]
    [InlineData(60_000, 0)]
    [InlineData(1, 60_000)]
    public async Task ExtractAsync_DirectoryOfLongNames_IsRefusedBeforeTheyAreRead(int nameBytes, int extraBytes)
    {
        var (name, extra) = (Enumerable.Repeat((byte)'x', nameBytes).ToArray(), new byte[extraBytes]);
        var archive = new TestArchive([.. Enumerable.Range(0, 200).Select(_ => new TestEntry(name, []) { LocalName = [], Extra = extra })]).Build();
        var before = GC.GetAllocatedBytesForCurrentThread();

        var exception = await RefuseAsync(new MemoryStream(archive));

        Assert.Contains("for 200 entries; at most 8388608 are allowed", exception.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(130, 60_000)]
    [InlineData(9_999, 512)]
    public async Task ExtractAsync_LongestDirectory_NeedsLittleMemory(int count, int nameBytes)
    {
        var end = string.Concat(Enumerable.Repeat("/0123456789", nameBytes / 11)) + "!?";
        var archive = new TestArchive([.. Enumerable.Range(0, count).Select(i => new TestEntry($"{i:D5}{end}", ""))]).Build();
        var before = GC.GetAllocatedBytesForCurrentThread();

        var exception = await RefuseAsync(new MemoryStream(archive));

        Assert.Contains($"So are {count - 10} others.", exception.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 80 << 20);
    }

    [Fact]
    public async Task ExtractAsync_AsManyDeepEntriesAsAreAllowed_AreCheckedAtOnce()
    {
        var entries = Enumerable.Range(0, 9_000).Select(i => new TestEntry($"{string.Concat(Enumerable.Repeat("n\u00e4chster/", 30))}{i:D5}?", ""));
        var archive = new TestArchive([.. entries]).Build();

        var exception = await await Hostile.ReadAsync(() => RefuseAsync(new MemoryStream(archive)));

        Assert.EndsWith("So are 8990 others.", exception.Message, StringComparison.Ordinal);
    }
}
