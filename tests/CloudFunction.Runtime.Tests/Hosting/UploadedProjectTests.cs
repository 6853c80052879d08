using System.IO.Compression;
using CloudFunction.Runtime.Projects;

namespace CloudFunction.Runtime.Tests.Hosting;

public sealed class UploadedProjectTests : IAsyncDisposable
{
    private readonly TestRuntime _runtime = new();

    public ValueTask DisposeAsync() => _runtime.DisposeAsync();

    /// <summary>By then the new folder is in its place, and must give it back.</summary>
    [Fact]
    public async Task UploadAsync_RecordOfWhatServesCannotBeWritten_IsUndone()
    {
        Assert.Equal(42, (int)await _runtime.Deploy("NativeFunctions").InvokeAsync("query"));
        var active = _runtime.PathOf("deployments", TestRuntime.Project, "active.json");
        var kept = await File.ReadAllBytesAsync(active);
        File.Delete(active);
        Directory.CreateDirectory(Path.Combine(active, "in-the-way"));

        // Which exception it is, the system decides.
        await Assert.ThrowsAnyAsync<Exception>(
            () => _runtime.Operations.UploadAsync(TestRuntime.Project, Zip("SurroundingFunctions"), CancellationToken.None));

        Assert.True(File.Exists(Path.Combine(_runtime.Folder, "NativeFunctions.dll")), "The old folder is not back.");
        Assert.False(File.Exists(Path.Combine(_runtime.Folder, "SurroundingFunctions.dll")), "The new folder is still there.");
        Assert.Equal([TestRuntime.Project], Directory.GetFileSystemEntries(_runtime.PathOf("projects")).Select(Path.GetFileName));
        Assert.Equal(42, (int)await _runtime.InvokeAsync("query"));
        Assert.Equal(ProjectStatus.Running, _runtime.Find()!.Status);

        Directory.Delete(active, recursive: true);
        await File.WriteAllBytesAsync(active, kept);
        var result = await _runtime.Operations.UploadAsync(TestRuntime.Project, Zip("SurroundingFunctions"), CancellationToken.None);
        Assert.Contains("whereabouts", result.Functions);
    }

    private static MemoryStream Zip(string fixture)
    {
        var stream = new MemoryStream();
        ZipFile.CreateFromDirectory(Path.Combine(AppContext.BaseDirectory, "fixtures", fixture), stream);
        stream.Position = 0;
        return stream;
    }
}
