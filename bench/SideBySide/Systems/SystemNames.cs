namespace SideBySide.Systems;

internal static class SystemNames
{
    public const string InProcess = "in-process";
    public const string Yarp = "yarp";
    public const string YarpHttp2 = "yarp-h2";
    public const string CloudFunction = "cloudfunction";

    public static readonly IReadOnlyList<string> All = [InProcess, Yarp, YarpHttp2, CloudFunction];

    /// <summary>
    /// YARP over HTTP/1.1 and over HTTP/2 to its backend: which is faster depends on the number of connections, and the faster one
    /// is the one to beat.
    /// </summary>
    public static readonly IReadOnlyList<string> Proxies = [Yarp, YarpHttp2];
}
