namespace CloudFunction.Worker.Bootstrap;

/// <summary>What the host writes to a worker's standard input: lines of <c>key=value</c>, ended by an empty one.</summary>
/// <param name="Socket">The path of the host's Unix domain socket.</param>
/// <param name="WorkerId">Which worker this is, in the host's words.</param>
/// <param name="Secret">What the first frame has to show, in hexadecimal.</param>
/// <param name="Deployment">The folder of the one deployment that this process is for, or <see langword="null"/> for a standby worker.</param>
/// <param name="Entry">The file name of that deployment's entry assembly; given with <paramref name="Deployment"/> or not at all.</param>
internal sealed record Handshake(string Socket, string WorkerId, string Secret, string? Deployment, string? Entry)
{
    /// <summary>Reads a handshake to its end, and not beyond.</summary>
    /// <exception cref="InvalidDataException">It ends too early, or lacks something, or has something unknown.</exception>
    public static Handshake Read(TextReader input)
    {
        string? socket = null, worker = null, secret = null, deployment = null, entry = null;
        while (true)
        {
            var line = input.ReadLine()
                ?? throw new InvalidDataException("Standard input ended before the handshake did. Workers are started by a CloudFunction host.");
            if (line.Length == 0)
            {
                break;
            }

            var separator = line.IndexOf('=', StringComparison.Ordinal);
            var value = line[(separator + 1)..];
            switch (separator < 0 ? null : line[..separator])
            {
                case "socket":
                    socket = value;
                    break;
                case "worker":
                    worker = value;
                    break;
                case "secret":
                    secret = value;
                    break;
                case "deployment":
                    deployment = value;
                    break;
                case "entry":
                    entry = value;
                    break;
                default:
                    // Not the line itself, which may be the secret.
                    throw new InvalidDataException(
                        "The handshake has a line that is not one of socket=, worker=, secret=, deployment= and entry=. Host and worker are of "
                        + "different versions.");
            }
        }

        if (deployment is null != entry is null)
        {
            throw new InvalidDataException("The handshake has one of deployment= and entry= without the other.");
        }

        return new Handshake(
            socket ?? throw Missing("socket"), worker ?? throw Missing("worker"), secret ?? throw Missing("secret"), deployment, entry);
    }

    private static InvalidDataException Missing(string key) => new($"The handshake has no {key}=.");
}
