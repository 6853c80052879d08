namespace EdgeAttacks.Attacks;

/// <summary>Clients that ask for something large and take nothing of it, or one byte in five seconds.</summary>
/// <param name="id">What an option names it by.</param>
/// <param name="title">The heading of its table.</param>
/// <param name="description">What they ask for.</param>
/// <param name="size">How many clients.</param>
/// <param name="making">How long it takes until there is something to be read.</param>
internal abstract class StoppedReaders(string id, string title, string description, int size, TimeSpan making = default) : Attack(
    id, title, $"{description} The clients take nothing of it, each other one a byte in 5 s.", size)
{
    public override bool StopsReading => true;

    // BODY_IDLE_TIMEOUT is 15 s.
    public override TimeSpan Window => TimeSpan.FromSeconds(24) + making;

    public override async Task RunAsync(AttackScene scene, CancellationToken cancellationToken)
    {
        await scene.ConnectAsync(async (connection, number, token) => await connection.TrySendAsync(Request(number), token), cancellationToken);
        await AttackScene.HoldAsync(cancellationToken);
    }

    /// <summary>What the client of this number sends, whole.</summary>
    protected abstract byte[] Request(int number);
}
