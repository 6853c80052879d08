namespace CloudFunction.Runtime.Configuration;

/// <summary>
/// Finds which environment variables are fixed at process start. What managed code reads may be set later, in a process that runs. What native code
/// reads may not: on Unix, .NET keeps an environment of its own after start, and native code never gets what is changed there.
/// PATH is none of them: .NET searches its own copy for programs, and Windows the process's present one for libraries.
/// </summary>
internal static class ProcessVariables
{
    private static readonly string[] Prefixes =
    [
        "DOTNET_", "COMPlus_", "CORECLR_", "COR_", // the .NET runtime and its host
        "LD_", "DYLD_", // the dynamic loader
        "LC_", "MALLOC_", "GLIBC_", // the C library
        "SSL_CERT_", "OPENSSL_", "KRB5", // TLS and Kerberos
        "CLR_ICU_", "CLR_OPENSSL_", // which ICU and OpenSSL .NET loads
        "OMP_", "MKL_", "KMP_", "OPENBLAS_", "CUDA_", "NVIDIA_", // numerics
    ];

    private static readonly string[] Names =
    [
        "LANG", "LANGUAGE", "LOCPATH", "NLSPATH", "GCONV_PATH", "TZ", "TZDIR", "ICU_DATA",
        "HOSTALIASES", "LOCALDOMAIN", "RES_OPTIONS", // the C library's resolver
        "ODBCINI", "ODBCSYSINI", "ORACLE_HOME", "TNS_ADMIN", "NLS_LANG", "JEMALLOC_CONF", // native database drivers and allocators
    ];

    /// <summary>Whether a change to this variable takes effect only in a new process. A name in doubt counts as such: that costs
    /// time, not truth.</summary>
    public static bool IsFixedAtStart(string name) =>
        Names.Contains(name, EnvironmentNames.Comparer)
        || Array.Exists(Prefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
