namespace CloudFunction.Data.Tests.Servers;

/// <summary>What a project has that sets no variable.</summary>
public sealed class SqliteFile : ITestDatabase
{
    public string? Missing => null;

    public IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?>();
}
