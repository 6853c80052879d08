using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Bodies;

/// <summary>The room that the host has for bodies on their way in and out.</summary>
internal sealed class HostBodies
{
    // Beyond the projects' own shares: as many of the largest, of which one project gets half.
    private const int CommonRequests = 8;
    private const int CommonResults = 4;

    // Of thousands of small bodies, or a few large ones: what finds no room is in files.
    private const long MaxMemoryBytes = 64L << 20;

    /// <param name="options">The settings.</param>
    /// <param name="maxOpenFiles">How many file descriptors bodies may take.</param>
    /// <param name="time">The clock of those that wait for room.</param>
    public HostBodies(CloudFunctionOptions options, int maxOpenFiles, TimeProvider time)
    {
        Store = new BodyStore(new BodyFiles(Path.Combine(options.DataDirectory, "run", "bodies"), maxOpenFiles), MaxMemoryBytes, time);
        Requests = new BodyBudget(options.MaxRequestBytes, CommonRequests * options.MaxRequestBytes);
        Results = new BodyBudget(options.MaxResponseBytes, CommonResults * options.MaxResponseBytes);
    }

    /// <summary>Where they are held.</summary>
    public BodyStore Store { get; }

    /// <summary>The room for payloads.</summary>
    public BodyBudget Requests { get; }

    /// <summary>The room for results, those of tasks too.</summary>
    public BodyBudget Results { get; }
}
