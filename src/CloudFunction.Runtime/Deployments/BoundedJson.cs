using System.Text.Json;

namespace CloudFunction.Runtime.Deployments;

/// <summary>Reads the JSON files that come with a deployment.</summary>
internal static class BoundedJson
{
    // The largest .deps.json seen in practice, of hundreds of packages, stay below 1 MB.
    private const int MaxBytes = 8 << 20;

    private static readonly JsonDocumentOptions Options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Reads a file, whose root is an object.</summary>
    /// <exception cref="DeploymentException">It is too large or no JSON object.</exception>
    /// <exception cref="IOException">It cannot be read at this moment.</exception>
    public static JsonDocument Read(string path)
    {
        var name = Path.GetFileName(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (stream.Length > MaxBytes)
        {
            throw new DeploymentException(DeploymentErrorCode.Invalid, $"{name} has {stream.Length} bytes; at most {MaxBytes} are read.");
        }

        try
        {
            var document = JsonDocument.Parse(stream, Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
        }
        catch (JsonException exception)
        {
            throw new DeploymentException(
                DeploymentErrorCode.Invalid, $"{name} is not valid JSON ({exception.Message}): publish the project anew with `dotnet publish`.",
                exception);
        }

        throw new DeploymentException(DeploymentErrorCode.Invalid, $"{name} holds no JSON object: publish the project anew with `dotnet publish`.");
    }
}
