using System.Data.Common;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Hosting;

namespace LibraryFunctions;

/// <summary>Has a model's client made and asks the database, before the first call.</summary>
internal sealed class FirstUse(IChatClient chat, DbDataSource database) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _ = chat.GetService(typeof(OpenAI.Chat.ChatClient));
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT 1";
        await command.ExecuteScalarAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
