using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace CloudFunction.AspNetCore.Tls;

/// <summary>What the server shows its clients, and what it requires of them. Immutable; swapped whole.</summary>
/// <param name="Certificate">The server's certificate with its key.</param>
/// <param name="Context">The same with those that lead to its root, as clients are sent them.</param>
/// <param name="ClientPolicy">How clients' certificates are judged; null where they need none.</param>
internal sealed record TlsCredentials(X509Certificate2 Certificate, SslStreamCertificateContext Context, X509ChainPolicy? ClientPolicy);
