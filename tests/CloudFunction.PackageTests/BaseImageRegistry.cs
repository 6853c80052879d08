using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudFunction.PackageTests;

/// <summary>A registry on loopback that has one image, with next to nothing in it
/// (https://github.com/opencontainers/distribution-spec/blob/main/spec.md).</summary>
internal sealed class BaseImageRegistry : IAsyncDisposable
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private static readonly string[] Methods = ["GET", "HEAD"];

    private readonly WebApplication _app;

    private BaseImageRegistry(WebApplication app) => _app = app;

    /// <summary>What the SDK's property ContainerBaseImage takes.</summary>
    public string Image => $"localhost:{new Uri(_app.Urls.Single()).Port}/base:1";

    public static async Task<BaseImageRegistry> StartAsync(string architecture)
    {
        var (layer, content) = await LayerAsync();
        var config = JsonSerializer.SerializeToUtf8Bytes(new
        {
            architecture,
            os = "linux",
            config = new { WorkingDir = "/" },
            rootfs = new { type = "layers", diff_ids = new[] { Digest(content) } },
        });
        var manifest = JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = ManifestType,
            config = new { mediaType = "application/vnd.oci.image.config.v1+json", size = config.Length, digest = Digest(config) },
            layers = new[] { new { mediaType = "application/vnd.oci.image.layer.v1.tar+gzip", size = layer.Length, digest = Digest(layer) } },
        });
        var blobs = new[] { config, layer }.ToDictionary(Digest);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/v2/", () => Results.Ok());
        app.MapMethods("/v2/base/manifests/{reference}", Methods, (HttpResponse response) => Send(response, manifest, ManifestType));
        app.MapMethods(
            "/v2/base/blobs/{digest}", Methods, (string digest, HttpResponse response) => Send(response, blobs[digest], "application/octet-stream"));
        await app.StartAsync();
        return new BaseImageRegistry(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static IResult Send(HttpResponse response, byte[] content, string type)
    {
        response.Headers["Docker-Content-Digest"] = Digest(content);
        return Results.Bytes(content, type);
    }

    private static async Task<(byte[] Compressed, byte[] Content)> LayerAsync()
    {
        using var content = new MemoryStream();
        await using (var writer = new TarWriter(content, leaveOpen: true))
        {
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, "etc"));
        }

        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(content.ToArray());
        }

        return (compressed.ToArray(), content.ToArray());
    }

    private static string Digest(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
}
