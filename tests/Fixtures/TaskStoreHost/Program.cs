using CloudFunction.Runtime.Hosting;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Storage;
using Microsoft.Extensions.Logging.Abstractions;

// Stores and runs tasks until it is killed, and says each thing once the store has: "accepted", "started" or "completed", and the id.
using var held = HostLock.Take(args[0]);
await using var store = new SqliteTaskStore(args[0], TimeProvider.System, NullLogger<SqliteTaskStore>.Instance);
store.Open();
var owner = StoreOwner.New();
await Task.WhenAll([.. Enumerable.Range(0, 16).Select(_ => AcceptAsync()), .. Enumerable.Range(0, 4).Select(_ => RunAsync())]);

async Task AcceptAsync()
{
    while (true)
    {
        var result = await store.EnqueueAsync(
            new NewTask("shop", "pay", "{}"u8.ToArray(), new TaskTerms { MaxAttempts = 2 }), CancellationToken.None);
        Say("accepted", result.Id!.Value);
    }
}

async Task RunAsync()
{
    while (true)
    {
        await store.WaitForDueAsync(CancellationToken.None);
        while (await store.ClaimAsync(owner, [new TaskRoom("shop", "pay", 8)], CancellationToken.None) is { Count: > 0 } tasks)
        {
            await Task.WhenAll(tasks.Select(task => RunOneAsync(task.Summary.Id)));
        }
    }
}

async Task RunOneAsync(TaskId id)
{
    if (await store.StartAttemptAsync(id, owner, "w1", null, CancellationToken.None) is { } attempt)
    {
        Say("started", id);
        await store.EndAttemptAsync(id, owner, attempt, new AttemptEnd(AttemptVerdict.Complete, InvocationOutcome.Succeeded), CancellationToken.None);
        Say("completed", id);
    }
}

// One call, so that what a kill cuts off is a line's end and never another's middle.
static void Say(string what, TaskId id) => Console.Out.Write($"{what} {id}\n");
