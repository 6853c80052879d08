using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Projects.Uploads;

namespace CloudFunction.Runtime.Tests.Projects.Uploads;

public sealed class ReceivedArchiveTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    private string Uploads => _folder.Combine("uploads");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ReceiveAsync_UpToTheLimit_KeepsItUntilItIsDisposedOf()
    {
        var content = new byte[300_000];
        new Random(1).NextBytes(content);
        using (var archive = await ReceivedArchive.ReceiveAsync(new MemoryStream(content), Uploads, content.Length, CancellationToken.None))
        {
            using var stream = archive.Open();
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy);

            Assert.Equal(content, copy.ToArray());
            Assert.True(stream.CanSeek);
        }

        Assert.Empty(Directory.GetFiles(Uploads));
    }

    [Fact]
    public async Task ReceiveAsync_BeyondTheLimit_IsRefusedAndLeavesNothing()
    {
        var exception = await Assert.ThrowsAsync<ProjectException>(
            () => ReceivedArchive.ReceiveAsync(new MemoryStream(new byte[1001]), Uploads, 1000, CancellationToken.None));

        Assert.Equal(ProjectErrorCode.TooLarge, exception.Code);
        Assert.Contains("1000 bytes", exception.Message, StringComparison.Ordinal);
        Assert.Contains("MAX_UPLOAD_BYTES", exception.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Uploads));
    }

    [Fact]
    public async Task ReceiveAsync_ClientGone_LeavesNothing()
    {
        await Assert.ThrowsAsync<NotSupportedException>(
            () => ReceivedArchive.ReceiveAsync(new WriteOnlyStream(Stream.Null), Uploads, 1000, CancellationToken.None));

        Assert.Empty(Directory.GetFiles(Uploads));
    }

    [Fact]
    public void Sweep_LeftOvers_RemovesThemAlone()
    {
        _folder.Write("uploads/upload-1.zip.tmp", "");
        _folder.Write("uploads/other.zip", "");

        ReceivedArchive.Sweep(Uploads);
        ReceivedArchive.Sweep(_folder.Combine("none"));

        Assert.Equal([Path.Combine(Uploads, "other.zip")], Directory.GetFiles(Uploads));
    }
}
