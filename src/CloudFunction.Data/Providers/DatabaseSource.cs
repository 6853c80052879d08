using System.Data.Common;

namespace CloudFunction.Data.Providers;

/// <summary>Makes a provider's own connections. The ones that stay are kept by the provider, which knows best how to reset, replace and
/// mistrust them.</summary>
internal abstract class DatabaseSource : IAsyncDisposable
{
    /// <summary>How long a server may take to let a connection in: what the providers have by default. The wait for a place is apart.</summary>
    protected const int ConnectTimeoutSeconds = 15;

    /// <summary>A connection string without the password, for people.</summary>
    public abstract string Description { get; }

    /// <summary>How many connections are kept open and lent to nobody, or <see langword="null"/> where the provider does not report it.</summary>
    public abstract int? Idle { get; }

    /// <summary>What EF Core and others that know the provider take: its own data source, or <see langword="null"/>.</summary>
    public virtual DbDataSource? Native => null;

    /// <summary>Makes a connection that is not open.</summary>
    /// <param name="isKept">Whether the provider keeps it once it is closed.</param>
    public abstract DbConnection Create(bool isKept);

    /// <summary>Closes those that are idle, and has those in use closed when they come back.</summary>
    public abstract ValueTask ClearAsync();

    /// <summary>Closes what is open.</summary>
    public abstract ValueTask DisposeAsync();
}
