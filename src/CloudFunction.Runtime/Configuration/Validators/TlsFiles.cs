namespace CloudFunction.Runtime.Configuration.Validators;

/// <summary>TLS needs a key and a certificate; without TLS nobody uses them.</summary>
internal static class TlsFiles
{
    /// <summary>The settings at fault and what is allowed; nothing where all is well.</summary>
    public static IEnumerable<(string Setting, string Allowed)> Validate(CloudFunctionOptions options)
    {
        if (options.SslEnabled && options.SslKeyFile is null)
        {
            yield return ("SSL_KEYFILE", "the path of the private key's PEM file, which SSL_ENABLED=true needs");
        }

        if (options.SslEnabled && options.SslCertificateFile is null)
        {
            yield return ("SSL_CERTFILE", "the path of the certificate's PEM file, which SSL_ENABLED=true needs");
        }
    }

    /// <summary>A warning for each file that is named to no effect.</summary>
    public static IEnumerable<string> FindUnused(CloudFunctionOptions options)
    {
        if (options.SslEnabled)
        {
            yield break;
        }

        foreach (var (name, file) in new[]
        {
            ("SSL_KEYFILE", options.SslKeyFile), ("SSL_CERTFILE", options.SslCertificateFile), ("SSL_CA_CERTS", options.SslCaCertificatesFile),
        })
        {
            if (file is not null)
            {
                yield return $"{name} is set but has no effect, because SSL_ENABLED is false: the server speaks plain HTTP";
            }
        }
    }
}
