using System.Globalization;

namespace EdgeAttacks.Clients;

/// <summary>
/// The server's side of connections, from the kernel's table (/proc/net/tcp, proc(5)): a client that reads nothing does not learn that it was cut,
/// for the end stands behind what it has not read.
/// </summary>
internal static class EstablishedPeers
{
    private const string Established = "01";

    /// <summary>The ports of the clients whose connections to this port of the loopback the server has not closed.</summary>
    public static HashSet<int> Read(int port)
    {
        var local = $":{port:X4}";
        var peers = new HashSet<int>();
        foreach (var line in File.ReadLines("/proc/net/tcp"))
        {
            var fields = line.Split(' ', 5, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 5 && fields[1].EndsWith(local, StringComparison.Ordinal) && fields[3] == Established)
            {
                var peer = fields[2].AsSpan(fields[2].IndexOf(':', StringComparison.Ordinal) + 1);
                peers.Add(int.Parse(peer, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            }
        }

        return peers;
    }
}
