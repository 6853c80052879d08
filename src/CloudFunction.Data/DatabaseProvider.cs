namespace CloudFunction.Data;

/// <summary>A kind of database.</summary>
public enum DatabaseProvider
{
    /// <summary>SQLite, in a file.</summary>
    Sqlite,

    /// <summary>PostgreSQL, by Npgsql.</summary>
    PostgreSql,

    /// <summary>MySQL or MariaDB, by MySqlConnector.</summary>
    MySql,
}
