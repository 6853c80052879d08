using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace CloudFunction.PackageTests;

/// <summary>An image in an archive of the OCI's layout (https://github.com/opencontainers/image-spec/blob/main/image-layout.md), unpacked.</summary>
internal sealed class ContainerImage
{
    private readonly string _folder;

    private ContainerImage(string folder)
    {
        _folder = folder;
        Manifest = Read(Json(Path.Combine(folder, "index.json")).GetProperty("manifests")[0]);
        Config = Read(Manifest.GetProperty("config")).GetProperty("config");
    }

    private JsonElement Manifest { get; }

    /// <summary>What a container is started with.</summary>
    public JsonElement Config { get; }

    public static async Task<ContainerImage> OpenAsync(string archive, string folder)
    {
        await TarFile.ExtractToDirectoryAsync(archive, Directory.CreateDirectory(folder).FullName, overwriteFiles: false);
        return new ContainerImage(folder);
    }

    /// <summary>Unpacks the topmost layer, which the SDK made.</summary>
    public async Task UnpackAppAsync(string folder)
    {
        await using var file = File.OpenRead(BlobOf(Manifest.GetProperty("layers").EnumerateArray().Last()));
        await using var content = new GZipStream(file, CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(content, Directory.CreateDirectory(folder).FullName, overwriteFiles: false);
    }

    private JsonElement Read(JsonElement descriptor) => Json(BlobOf(descriptor));

    private string BlobOf(JsonElement descriptor) => Path.Combine([_folder, "blobs", .. descriptor.GetProperty("digest").GetString()!.Split(':')]);

    private static JsonElement Json(string path) => JsonElement.Parse(File.ReadAllBytes(path));
}
