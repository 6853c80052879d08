using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Configuration.Yaml;

namespace CloudFunction.Runtime.Tests.Configuration;

/// <summary>What is in a configuration file's place counts as one that is there, so that reading it reports the fault: only what is missing means the
/// defaults.</summary>
public sealed class WatchedFileTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly WatchedFile _file;

    public WatchedFileTests()
    {
        Directory.CreateDirectory(_folder.Combine("config"));
        AnotherUser.Admit(_folder.Path);
        _file = new WatchedFile(_folder.Combine("config", "a.yaml"));
    }

    public void Dispose()
    {
        AnotherUser.SetMode(_folder.Combine("config"), "700");
        _folder.Dispose();
    }

    [Fact]
    public void Note_NothingThere_IsNotThere()
    {
        Assert.False(_file.Note());
        Assert.False(_file.HasChanged());

        File.WriteAllText(_file.Path, "a: 1");
        Assert.True(_file.HasChanged());
    }

    [SkippableTheory]
    [InlineData(true, "a folder, not a file")]
    [InlineData(false, "not a regular file")]
    public void Note_AFolderOrAPipe_IsThereAndReadingItSaysWhatIsWrong(bool isFolder, string reason)
    {
        _ = isFolder ? Directory.CreateDirectory(_file.Path).FullName : AnotherUser.MakePipe(_file.Path);

        Assert.True(_file.Note());
        var error = Assert.Throws<ConfigurationFileException>(() => YamlFile.ReadText(_file.Path));
        Assert.StartsWith($"{_file.Path}:1:1: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.False(_file.HasChanged());

        if (isFolder)
        {
            Directory.Delete(_file.Path);
        }
        else
        {
            File.Delete(_file.Path);
        }

        Assert.True(_file.IsGone());
        File.WriteAllText(_file.Path, "a: 1");
        Assert.True(_file.HasChanged());
    }

    [SkippableFact]
    public void Note_NoRights_IsThereUntilItCanBeRead()
    {
        File.WriteAllText(_file.Path, "a: 1");
        AnotherUser.SetMode(_folder.Combine("config"), "000");
        AnotherUser.Run(() =>
        {
            Assert.True(_file.Note());
            Assert.False(_file.HasChanged());
        });

        AnotherUser.SetMode(_folder.Combine("config"), "755");
        Assert.True(_file.HasChanged());
    }

    [Fact]
    public void ReadText_NotUtf8_NamesTheFirstByteThatIsWrong()
    {
        File.WriteAllBytes(_file.Path, [.. "a: 1\r\n# \u00e4\nb: '"u8, 0xe9, .. "'"u8]);

        Assert.StartsWith(
            $"{_file.Path}:3:5: the file is not valid UTF-8 here",
            Assert.Throws<ConfigurationFileException>(() => YamlFile.ReadText(_file.Path)).Message,
            StringComparison.Ordinal);
    }
}
