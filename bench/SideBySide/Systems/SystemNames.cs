namespace SideBySide.Systems;

internal static class SystemNames
{
    public const string InProcess = "in-process";
    public const string Yarp = "yarp";
    public const string YarpHttp2 = "yarp-h2";
    public const string CloudFunction = "cloudfunction";
    public const string CloudFunctionInvocationLog = "cloudfunction-invocation-log";
    public const string CloudFunctionAccessLog = "cloudfunction-access-log";

    public static readonly IReadOnlyList<string> All =
    [
        InProcess, Yarp, YarpHttp2, CloudFunction, CloudFunctionInvocationLog, CloudFunctionAccessLog,
    ];

    /// <summary>This host without a record for each call, with that of the invocation, and with that of the request too.</summary>
    public static readonly IReadOnlyList<string> Hosts = [CloudFunction, CloudFunctionInvocationLog, CloudFunctionAccessLog];

    /// <summary>
    /// YARP over HTTP/1.1 and over HTTP/2 to its backend: which is faster depends on the number of connections, and the faster one
    /// is the one to beat.
    /// </summary>
    public static readonly IReadOnlyList<string> Proxies = [Yarp, YarpHttp2];
}
