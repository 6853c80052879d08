using System.Text.Json;
using CloudFunction;
using Microsoft.Data.Sqlite;

namespace NativeFunctions;

/// <summary>Adds two numbers in a native library.</summary>
public sealed class Query : IFunction
{
    public async ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT 40 + 2";
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
