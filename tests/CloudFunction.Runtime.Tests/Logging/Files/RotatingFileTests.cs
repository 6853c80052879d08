using System.Runtime.InteropServices;
using System.Text;
using CloudFunction.Runtime.Logging.Files;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Logging.Files;

public sealed class RotatingFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _reports = [];
    private readonly RotatingFile _file;

    public RotatingFileTests() => _file = New(Path);

    private string Path => _directory.Combine("logs", "app.log");

    public void Dispose()
    {
        _file.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Flush_SeveralRecords_MakesDirectoriesAndWritesThemWithoutMark()
    {
        Write(_file, "one\n", "äöü\n");

        Assert.Equal("one\näöü\n"u8.ToArray(), Read(Path));
    }

    [Fact]
    public void Append_RecordThatDoesNotFit_RotatesAndKeepsTheNewestAsOne()
    {
        _file.MaxBytes = 10;
        _file.BackupCount = 2;

        Write(_file, "aaaaaaa\n", "bbbbbbb\n", "c\n", "ddddddd\n", "eeeeeee\n");

        Assert.Equal(["eeeeeee\n", "ddddddd\n", "bbbbbbb\nc\n"], Texts("app.log", "app.log.1", "app.log.2"));
        Assert.Equal(3, Directory.GetFiles(_directory.Combine("logs")).Length);
    }

    [Fact]
    public void Append_FullFileOfAnEarlierProcess_RotatesBeforeItWrites()
    {
        Write(_file, "aaaaaaaaaaaa\n");
        _file.Dispose();
        using var again = New(Path, maxBytes: 14, backupCount: 1);

        Write(again, "bb\n");

        Assert.Equal(["bb\n", "aaaaaaaaaaaa\n"], Texts("app.log", "app.log.1"));
    }

    [Fact]
    public void Append_FewerBackupsThanBefore_RemovesThoseBeyond()
    {
        _file.MaxBytes = 4;
        _file.BackupCount = 4;
        Write(_file, "a\n\n\n", "b\n\n\n", "c\n\n\n", "d\n\n\n", "e\n\n\n");
        _file.BackupCount = 2;

        Write(_file, "f\n\n\n");

        Assert.Equal(["f\n\n\n", "e\n\n\n", "d\n\n\n"], Texts("app.log", "app.log.1", "app.log.2"));
        Assert.Equal(3, Directory.GetFiles(_directory.Combine("logs")).Length);
    }

    [Fact]
    public void Append_NoBackups_BeginsAnew()
    {
        _file.MaxBytes = 4;

        Write(_file, "a\n", "b\n", "c\n");

        Assert.Equal("c\n"u8.ToArray(), Read(Path));
        Assert.Single(Directory.GetFiles(_directory.Combine("logs")));
    }

    [Fact]
    public void Append_RecordLargerThanAFile_IsCutAtACharacterAndSaysSo()
    {
        const int most = 64 << 10;
        _file.MaxBytes = 20;
        _file.BackupCount = 1;
        var start = new string('x', most - "ä…[cut]\n"u8.Length);

        Write(_file, start + "ä123456789\n");
        Assert.Equal(start + "ä…[cut]\n", Encoding.UTF8.GetString(Read(Path)));

        Write(_file, start + "xä123456789\n");
        Assert.Equal(start + "x …[cut]\n", Encoding.UTF8.GetString(Read(Path)));
    }

    [Fact]
    public void Append_RecordLargerThanMaxBytes_StandsWholeInAFileOfItsOwn()
    {
        _file.MaxBytes = 10;
        _file.BackupCount = 2;

        Write(_file, "a\n", "a record of more than ten bytes\n", "b\n");

        Assert.Equal(["b\n", "a record of more than ten bytes\n", "a\n"], Texts("app.log", "app.log.1", "app.log.2"));
    }

    [Fact]
    public void Append_TornLineOfAnEarlierProcess_EndsIt()
    {
        _directory.Write("logs/app.log", "torn");

        Write(_file, "whole\n");

        Assert.Equal("torn\nwhole\n"u8.ToArray(), Read(Path));
    }

    [Fact]
    public void Append_MovedBySomebody_BeginsANewFile()
    {
        Write(_file, "one\n");
        File.Move(Path, Path + ".moved");
        _time.Advance(TimeSpan.FromSeconds(1));

        Write(_file, "two\n");

        Assert.Equal(["two\n", "one\n"], Texts("app.log", "app.log.moved"));
    }

    [Fact]
    public void Append_DirectoryRemoved_MakesItAgain()
    {
        Write(_file, "one\n");
        Directory.Delete(_directory.Combine("logs"), recursive: true);
        _time.Advance(TimeSpan.FromSeconds(1));

        Write(_file, "two\n");

        Assert.Equal("two\n"u8.ToArray(), Read(Path));
    }

    [Fact]
    public void Append_CutShortBySomebody_WritesAtItsNewEnd()
    {
        Write(_file, "one\n");
        File.WriteAllText(Path, "");

        Write(_file, "two\n");

        Assert.Equal("two\n"u8.ToArray(), Read(Path));
    }

    [Fact]
    public void Append_BackupCannotBeReplaced_GoesOnInTheSameFileAndRotatesLater()
    {
        _file.MaxBytes = 4;
        _file.BackupCount = 1;
        Write(_file, "a\n\n\n");
        Directory.CreateDirectory(Path + ".1"); // Stands for a file that is held open: it cannot be renamed over.

        Write(_file, "b\n\n\n", "c\n\n\n");
        Assert.Equal("a\n\n\nb\n\n\nc\n\n\n"u8.ToArray(), Read(Path));

        Directory.Delete(Path + ".1");
        _time.Advance(TimeSpan.FromSeconds(1));
        Write(_file, "d\n\n\n");
        Assert.Equal(["d\n\n\n", "a\n\n\nb\n\n\nc\n\n\n"], Texts("app.log", "app.log.1"));
    }

    [Fact]
    public void Append_CannotBeWritten_DropsCountsReportsOnceAndRetriesLater()
    {
        _directory.Write("logs", "a file where a directory should be");

        Write(_file, "one\n", "two\n");
        _time.Advance(TimeSpan.FromSeconds(1));
        Write(_file, "three\n");
        Assert.Equal(3, _file.Dropped);
        Assert.Equal(Path, Assert.Single(_reports).Split(' ').Single(word => word.EndsWith("app.log", StringComparison.Ordinal)));

        File.Delete(_directory.Combine("logs"));
        Assert.False(_file.IsWritable);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_file.IsWritable);
        Assert.Equal(3, _file.TakeDropped());
        Write(_file, "four\n");

        Assert.Equal("four\n"u8.ToArray(), Read(Path));
        Assert.Equal(0, _file.Dropped);
    }

    [SkippableFact]
    public void Flush_DiskFull_CountsWhatIsLostWithItsWeight()
    {
        Skip.IfNot(RuntimeInformation.IsOSPlatform(OSPlatform.Linux), "Only Linux has a device that is always full.");
        Directory.CreateDirectory(_directory.Combine("logs"));
        File.CreateSymbolicLink(Path, "/dev/full");

        _file.Append("one\n"u8);
        _file.Append("five were lost\n"u8, weight: 5);
        _file.Flush();

        Assert.Equal(6, _file.Dropped);
        Assert.Single(_reports);
    }

    private static void Write(RotatingFile file, params string[] records)
    {
        foreach (var record in records)
        {
            file.Append(Encoding.UTF8.GetBytes(record));
        }

        file.Flush();
    }

    private static byte[] Read(string path) => File.ReadAllBytes(path);

    private RotatingFile New(string path, long maxBytes = 0, int backupCount = 0) =>
        new(path, _time, _reports.Add) { MaxBytes = maxBytes, BackupCount = backupCount };

    private string[] Texts(params string[] names) => [.. names.Select(name => File.ReadAllText(_directory.Combine("logs", name)))];
}
