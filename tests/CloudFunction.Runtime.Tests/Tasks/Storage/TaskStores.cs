using CloudFunction.Runtime.Tasks.Storage;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Tests.Tasks.Storage;

/// <summary>Opens task stores outside a host.</summary>
internal static class TaskStores
{
    public static SqliteTaskStore Open(
        string dataDirectory, TimeProvider time, ILogger<SqliteTaskStore> logger, long? maxBytes = null, long anonymousBytes = long.MaxValue)
    {
        var store = new SqliteTaskStore(dataDirectory, time, logger, maxBytes, anonymousBytes);
        store.Open();
        return store;
    }
}
