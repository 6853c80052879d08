namespace CloudFunction.Data.Tests.Servers;

/// <summary>A real database on a server that the test run has started.</summary>
public interface ITestServer : ITestDatabase
{
    /// <summary>An expression that names the connection.</summary>
    string ConnectionId { get; }

    /// <summary>Kills the server and starts it anew.</summary>
    Task RestartAsync();
}
