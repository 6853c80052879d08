namespace CloudFunction.Data.Settings;

/// <summary>Which database a project has and how its pool is.</summary>
internal sealed class DatabaseSettings
{
    /// <summary>The kind.</summary>
    public required DatabaseProvider Provider { get; init; }

    /// <summary>Where the server is; of no meaning for SQLite.</summary>
    public required string Host { get; init; }

    /// <summary>Its port; of no meaning for SQLite.</summary>
    public required int Port { get; init; }

    /// <summary>Who asks, or <see langword="null"/>.</summary>
    public required string? User { get; init; }

    /// <summary>By which password, or <see langword="null"/>.</summary>
    public required string? Password { get; init; }

    /// <summary>The database's name on its server; of SQLite its file, whole path.</summary>
    public required string Name { get; init; }

    /// <summary>How many connections are kept.</summary>
    public required int PoolSize { get; init; }

    /// <summary>How many more there may be at once.</summary>
    public required int MaxOverflow { get; init; }

    /// <summary>How long a caller waits for one.</summary>
    public required TimeSpan PoolTimeout { get; init; }

    /// <summary>After how long one is replaced; <see langword="null"/> for never.</summary>
    public required TimeSpan? PoolRecycle { get; init; }
}
