namespace CloudFunction.Data;

/// <summary>The project's databases. Thread safe.</summary>
public interface IDatabasePools
{
    /// <summary>All that were added.</summary>
    IReadOnlyCollection<DatabasePool> All { get; }

    /// <summary>One of them.</summary>
    /// <param name="name">The name that it was added under, in any case. Null: the project's main one.</param>
    /// <exception cref="DatabaseConfigurationException">None was added under it.</exception>
    DatabasePool Get(string? name = null);

    /// <summary>Resets all of them, as <see cref="DatabasePool.ResetAsync"/> does one.</summary>
    ValueTask ResetAllAsync();

    /// <summary>Closes all of them, as <see cref="DatabasePool.CloseAsync"/> does one.</summary>
    ValueTask CloseAllAsync();
}
