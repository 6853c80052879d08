using System.Data.Common;
using CloudFunction.Data.Settings;
using Microsoft.Data.Sqlite;

namespace CloudFunction.Data.Providers;

/// <summary>SQLite, in one file.</summary>
internal sealed class SqliteSource : DatabaseSource
{
    private readonly string _kept;
    private readonly string _passing;
    private readonly Lock _preparing = new();
    private bool _isPrepared;

    public SqliteSource(DatabaseSettings settings)
    {
        var builder = new SqliteConnectionStringBuilder
        {
            DataSource = settings.Name,
            ForeignKeys = true,
            DefaultTimeout = (int)Math.Ceiling(settings.PoolTimeout.TotalSeconds), // Of a lock that another worker holds.
        };
        _kept = builder.ConnectionString;
        builder.Pooling = false;
        _passing = builder.ConnectionString;
        Description = settings.Name;
    }

    public override string Description { get; }

    public override int? Idle => null;

    public override DbConnection Create(bool isKept)
    {
        Prepare();
        return new SqliteConnection(isKept ? _kept : _passing);
    }

    public override ValueTask ClearAsync()
    {
        using var connection = new SqliteConnection(_kept);
        SqliteConnection.ClearPool(connection);
        return default;
    }

    public override ValueTask DisposeAsync() => ClearAsync();

    // Readers and a writer then do not hold each other up. The file keeps it, so it is set once.
    private void Prepare()
    {
        lock (_preparing)
        {
            if (_isPrepared)
            {
                return;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(Description)!);
            using var connection = new SqliteConnection(_passing);
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=WAL";
            command.ExecuteNonQuery();
            _isPrepared = true;
        }
    }
}
