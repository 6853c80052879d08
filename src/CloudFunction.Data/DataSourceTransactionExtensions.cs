using System.Data;
using System.Data.Common;

namespace CloudFunction.Data;

/// <summary>A unit of work: all of it or nothing.</summary>
public static class DataSourceTransactionExtensions
{
    /// <summary>Runs work in a transaction on a connection of its own: commits when it ends, rolls back when it throws or the token fires.</summary>
    /// <param name="source">Any data source.</param>
    /// <param name="work">The work. <c>transaction.Connection</c> is its connection; each command is to have the transaction. It does
    /// not commit itself.</param>
    /// <param name="isolationLevel">What it reads of others' changes. Default: the database's own.</param>
    /// <param name="cancellationToken">Ends it, up to the commit.</param>
    /// <returns>What the work returns.</returns>
    public static async Task<TResult> InTransactionAsync<TResult>(
        this DbDataSource source,
        Func<DbTransaction, CancellationToken, Task<TResult>> work,
        IsolationLevel isolationLevel = IsolationLevel.Unspecified,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(work);
        var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var transaction = await connection.BeginTransactionAsync(isolationLevel, cancellationToken).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false); // Without a commit, its disposal rolls it back.
        var result = await work(transaction, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false); // Cut off in the middle, nobody would know how it ended.
        return result;
    }
}
