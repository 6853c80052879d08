using System.Globalization;
using System.Text;
using EdgeAttacks.Clients;
using EdgeAttacks.Hosts;

namespace EdgeAttacks.Attacks;

/// <summary>Readers of large results.</summary>
/// <param name="id">What an option names it by.</param>
/// <param name="title">The heading of its table.</param>
/// <param name="description">What it does, in a sentence.</param>
/// <param name="size">How many clients.</param>
/// <param name="megabytes">How large the result is.</param>
/// <param name="keys">Whether the calls have an Idempotency-Key: none, one whose answer is stored before, or one each.</param>
internal sealed class ResultReaders(string id, string title, string description, int size, int megabytes, ResultKeys keys)
    : StoppedReaders(id, title, description, size, keys == ResultKeys.Own ? Storing : TimeSpan.Zero)
{
    // Hundreds of megabytes go to the store first.
    private static readonly TimeSpan Storing = TimeSpan.FromSeconds(15);

    private const string StoredKey = "stored-before";

    private static readonly string Path = EdgeHost.InvokePath(EdgeHost.Attacked, "text");

    private readonly byte[] _payload = Encoding.ASCII.GetBytes((megabytes << 20).ToString(CultureInfo.InvariantCulture));

    public override Task PrepareAsync(EdgeHost host, CancellationToken cancellationToken) =>
        keys == ResultKeys.Stored ? host.PostAsync(Path, _payload, StoredKey, cancellationToken) : Task.CompletedTask;

    protected override byte[] Request(int number) =>
    [
        .. RawRequest.Post(Path, _payload.Length, idempotencyKey: keys switch
        {
            ResultKeys.Stored => StoredKey,
            ResultKeys.Own => $"own-{number}",
            _ => null,
        }),
        .. _payload,
    ];
}
