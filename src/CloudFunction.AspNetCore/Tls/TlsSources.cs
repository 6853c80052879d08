using CloudFunction.Runtime.Configuration;

namespace CloudFunction.AspNetCore.Tls;

/// <summary>The texts of the files that credentials are made of, read at one time. Equal where nothing has changed, whatever the
/// files' times are.</summary>
/// <param name="Key">Of SSL_KEYFILE; null where it cannot be read.</param>
/// <param name="Certificate">Of SSL_CERTFILE; likewise.</param>
/// <param name="Authorities">Of SSL_CA_CERTS; likewise, or where it is not set.</param>
internal sealed record TlsSources(string? Key, string? Certificate, string? Authorities)
{
    // A bundle of all the authorities of the world is a quarter of this.
    private const int MaxBytes = 1 << 20;

    /// <summary>Reads them; with an error for each that cannot be read.</summary>
    public static TlsSources Read(CloudFunctionOptions options, ICollection<string> errors) => new(
        Read("SSL_KEYFILE", options.SslKeyFile!, errors),
        Read("SSL_CERTFILE", options.SslCertificateFile!, errors),
        options.SslCaCertificatesFile is { } file ? Read("SSL_CA_CERTS", file, errors) : null);

    private static string? Read(string setting, string file, ICollection<string> errors)
    {
        try
        {
            if (new FileInfo(file).Length <= MaxBytes)
            {
                return File.ReadAllText(file);
            }

            errors.Add($"{setting}: {file} is larger than {MaxBytes} bytes; allowed is a PEM file.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var problem = exception is FileNotFoundException or DirectoryNotFoundException
                ? "does not exist"
                : $"cannot be read ({exception.Message})";
            errors.Add($"{setting}: {file} {problem}; allowed is a PEM file that this user may read.");
        }

        return null;
    }
}
