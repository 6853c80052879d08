using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace CloudFunction.Data.Settings;

/// <summary>Reads a project's <c>DB_*</c> variables, all mistakes at once.</summary>
internal sealed class DatabaseSettingsReader
{
    private const int MaxConnections = 1000;

    private static readonly TimeSpan MaxDuration = TimeSpan.FromDays(24); // What a timer of .NET can wait.

    private readonly IConfiguration _configuration;
    private readonly string _prefix;
    private readonly List<string> _problems = [];

    private DatabaseSettingsReader(IConfiguration configuration, string prefix)
    {
        _configuration = configuration;
        _prefix = prefix;
    }

    /// <summary>The settings.</summary>
    /// <param name="configuration">The project's environment.</param>
    /// <param name="project">Whose files there are.</param>
    /// <param name="name">The database's name, which its variables begin with (<c>reports</c>: <c>REPORTS_DB_HOST</c>), or
    /// <see langword="null"/> for the project's main one.</param>
    /// <exception cref="DatabaseConfigurationException">Some are missing or make no sense.</exception>
    public static DatabaseSettings Read(IConfiguration configuration, FunctionProject project, string? name)
    {
        var reader = new DatabaseSettingsReader(configuration, name is null ? "" : name.ToUpperInvariant().Replace('-', '_') + "_");
        var settings = reader.Read(project, name);
        return reader._problems.Count == 0 ? settings
            : throw new DatabaseConfigurationException($"The project's database{(name is null ? "" : $" '{name}'")} cannot be used: "
                + $"{string.Join("; ", reader._problems)}. Variables belong into the project's .env.");
    }

    private DatabaseSettings Read(FunctionProject project, string? pool)
    {
        var host = Value("DB_HOST");
        var provider = Provider(host);
        var isServer = provider != DatabaseProvider.Sqlite;
        var name = Value("DB_NAME");
        if (isServer && name is null)
        {
            _problems.Add($"{_prefix}DB_NAME is missing: set the name of the database");
        }

        if (isServer && Value("DB_USER") is null)
        {
            _problems.Add($"{_prefix}DB_USER is missing: set who connects");
        }

        return new DatabaseSettings
        {
            Provider = provider,
            Host = host ?? "localhost",
            Port = Number("DB_PORT", provider == DatabaseProvider.PostgreSql ? 5432 : 3306, 1, 65535),
            User = Value("DB_USER"),
            Password = Value("DB_PASSWORD"),
            Name = isServer ? name ?? "" : Path.Combine(project.DataDirectory, name ?? $"{pool ?? "data"}.db"),
            PoolSize = Number("DB_POOL_SIZE", 20, 1, MaxConnections),
            MaxOverflow = Number("DB_MAX_OVERFLOW", 10, 0, MaxConnections),
            PoolTimeout = Duration("DB_POOL_TIMEOUT", TimeSpan.FromSeconds(30)) is { } timeout && timeout > TimeSpan.Zero
                ? timeout
                : Reject("DB_POOL_TIMEOUT", "a duration above 0"),
            PoolRecycle = Duration("DB_POOL_RECYCLE", TimeSpan.FromHours(1)) is { } recycle && recycle > TimeSpan.Zero ? recycle : null,
        };
    }

    private DatabaseProvider Provider(string? host)
    {
        switch (Value("DB_PROVIDER")?.ToLowerInvariant())
        {
            case null:
                return host is null ? DatabaseProvider.Sqlite : DatabaseProvider.MySql;
            case "sqlite":
                return DatabaseProvider.Sqlite;
            case "postgresql" or "postgres":
                return DatabaseProvider.PostgreSql;
            case "mysql" or "mariadb":
                return DatabaseProvider.MySql;
            default:
                _problems.Add($"{_prefix}DB_PROVIDER is '{Value("DB_PROVIDER")}': set sqlite, postgresql or mysql");
                return DatabaseProvider.Sqlite;
        }
    }

    private string? Value(string variable) =>
        _configuration[_prefix + variable] is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    private int Number(string variable, int fallback, int min, int max)
    {
        if (Value(variable) is not { } text)
        {
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        _problems.Add(string.Create(CultureInfo.InvariantCulture, $"{_prefix}{variable} is '{text}': set a whole number from {min} to {max}"));
        return fallback;
    }

    private TimeSpan Reject(string variable, string allowed)
    {
        _problems.Add($"{_prefix}{variable} is '{Value(variable)}': set {allowed}");
        return TimeSpan.Zero;
    }

    // Bare numbers are seconds, as in the host's settings.
    private TimeSpan Duration(string variable, TimeSpan fallback)
    {
        if (Value(variable) is not { } text)
        {
            return fallback;
        }

        var digits = text.TrimEnd("mshd ".ToCharArray());
        double? unit = text[digits.Length..].Trim() switch
        {
            "" or "s" => 1,
            "ms" => 0.001,
            "m" => 60,
            "h" => 3600,
            "d" => 86400,
            _ => null,
        };
        if (unit is not null
            && double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * unit <= MaxDuration.TotalSeconds)
        {
            return TimeSpan.FromSeconds(number * unit.Value);
        }

        _problems.Add($"{_prefix}{variable} is '{text}': set seconds, or a number with ms, s, m, h or d, up to 24 days");
        return fallback;
    }
}
