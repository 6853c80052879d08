using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CloudFunction.Runtime.Configuration;

namespace CloudFunction.AspNetCore.Tls;

/// <summary>Makes credentials of PEM files.</summary>
internal static class TlsCredentialsReader
{
    // RFC 5280, section 4.2.1.12: id-kp-clientAuth.
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>Null with the errors, each with its setting and file, where something is wrong. Nothing is fetched from the network.</summary>
    public static TlsCredentials? TryRead(TlsSources sources, CloudFunctionOptions options, ICollection<string> errors)
    {
        var certificates = sources.Certificate is null
            ? null
            : ReadCertificates("SSL_CERTFILE", options.SslCertificateFile!, sources.Certificate, errors);
        var isKeyReadable = sources.Key is not null && CheckKey(options.SslKeyFile!, sources.Key, errors);
        var policy = sources.Authorities is null ? null : ReadAuthorities(options.SslCaCertificatesFile!, sources.Authorities, errors);
        if (certificates is null || !isKeyReadable)
        {
            return null;
        }

        // Never without the authorities that were asked for: no policy would mean that clients need no certificate.
        var certificate = Join(certificates[0], sources.Key!, options, errors);
        return certificate is null || (policy is null && options.SslCaCertificatesFile is not null)
            ? null
            : new TlsCredentials(certificate, SslStreamCertificateContext.Create(certificate, [.. certificates.Skip(1)], offline: true), policy);
    }

    /// <summary>What is wrong with the time of a certificate; null where nothing is.</summary>
    public static string? FindTimeProblem(X509Certificate2 certificate, DateTimeOffset now) =>
        now < certificate.NotBefore ? FormattableString.Invariant($"is not valid before {certificate.NotBefore.ToUniversalTime():u}")
        : now > certificate.NotAfter ? FormattableString.Invariant($"has expired at {certificate.NotAfter.ToUniversalTime():u}")
        : null;

    private static X509Certificate2Collection? ReadCertificates(string setting, string file, string pem, ICollection<string> errors)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException exception)
        {
            errors.Add($"{setting}: a certificate in {file} cannot be read ({exception.Message.TrimEnd('.')}); allowed are certificates in PEM.");
            return null;
        }

        if (certificates.Count > 0)
        {
            return certificates;
        }

        errors.Add($"{setting}: {file} has no certificate; allowed are certificates in PEM, each from -----BEGIN CERTIFICATE----- on.");
        return null;
    }

    private static bool CheckKey(string file, string pem, ICollection<string> errors)
    {
        // RFC 7468, section 11, and for the older form RFC 1421, section 4.6.1.1.
        if (pem.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal)
            || pem.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
        {
            errors.Add(
                $"SSL_KEYFILE: the key in {file} is encrypted, and there is no setting for its password; allowed is a key that is not encrypted, in "
                + "a file that only this user may read (openssl pkey -in <encrypted> -out <plain>).");
            return false;
        }

        if (!pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            errors.Add($"SSL_KEYFILE: {file} has no private key; allowed is one in PEM: PKCS#8 (-----BEGIN PRIVATE KEY-----), PKCS#1 (RSA) or EC.");
            return false;
        }

        return true;
    }

    private static X509Certificate2? Join(X509Certificate2 certificate, string key, CloudFunctionOptions options, ICollection<string> errors)
    {
        try
        {
            var joined = X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), key);

            // Windows' TLS takes no key that is only in memory, and a PKCS#12 is how to make it one that it takes.
            return OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(joined.Export(X509ContentType.Pkcs12), password: null) : joined;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            errors.Add(
                $"SSL_KEYFILE: the key in {options.SslKeyFile} cannot be used with the first certificate in {options.SslCertificateFile} "
                + $"({exception.Message.TrimEnd('.')}); allowed is that certificate's own private key.");
            return null;
        }
    }

    private static X509ChainPolicy? ReadAuthorities(string file, string pem, ICollection<string> errors)
    {
        if (ReadCertificates("SSL_CA_CERTS", file, pem, errors) is not { } authorities)
        {
            return null;
        }

        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        foreach (var authority in authorities)
        {
            // Only a root ends a chain; the others help to find the way there.
            (IsRoot(authority) ? policy.CustomTrustStore : policy.ExtraStore).Add(authority);
        }

        if (policy.CustomTrustStore.Count > 0)
        {
            return policy;
        }

        errors.Add(
            $"SSL_CA_CERTS: {file} has no root certificate (one that is its own issuer), so that no client's certificate would be accepted; allowed "
            + "are the authorities' certificates up to their roots.");
        return null;
    }

    private static bool IsRoot(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}
