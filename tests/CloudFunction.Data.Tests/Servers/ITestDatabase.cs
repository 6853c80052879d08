namespace CloudFunction.Data.Tests.Servers;

/// <summary>A real database for tests.</summary>
public interface ITestDatabase
{
    /// <summary>What to install where it cannot be started, or <see langword="null"/>.</summary>
    string? Missing { get; }

    /// <summary>The variables by which a project reaches it.</summary>
    IReadOnlyDictionary<string, string?> Environment { get; }
}
