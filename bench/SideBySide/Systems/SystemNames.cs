namespace SideBySide.Systems;

internal static class SystemNames
{
    public const string InProcess = "in-process";
    public const string Yarp = "yarp";
    public const string YarpHttp2 = "yarp-h2";
    public const string CloudFunction = "cloudfunction";
    public const string CloudFunctionAccessLog = "cloudfunction-access-log";

    public static readonly IReadOnlyList<string> All = [InProcess, Yarp, YarpHttp2, CloudFunction, CloudFunctionAccessLog];

    /// <summary>This host with its access log off and on: all else is its default, the record of each invocation in app.log included.</summary>
    public static readonly IReadOnlyList<string> Hosts = [CloudFunction, CloudFunctionAccessLog];

    /// <summary>
    /// YARP over HTTP/1.1 and over HTTP/2 to its backend: which is faster depends on the number of connections, and the faster one
    /// is the one to beat.
    /// </summary>
    public static readonly IReadOnlyList<string> Proxies = [Yarp, YarpHttp2];
}
