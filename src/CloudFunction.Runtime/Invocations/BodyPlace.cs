namespace CloudFunction.Runtime.Invocations;

/// <summary>A place among the calls of a function and of its project whose bodies are still coming, given back once.</summary>
/// <param name="project">The project's places.</param>
/// <param name="function">The function's own; null where it has no limit of its own.</param>
internal sealed class BodyPlace(ConcurrencyGate project, ConcurrencyGate? function)
{
    private int _ended;

    /// <summary>Takes one, waiting for it.</summary>
    /// <param name="deadline">Until when, as a timestamp of the process's time provider.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <returns>Null once it is taken; else why not.</returns>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    public async ValueTask<Rejection?> EnterAsync(long deadline, CancellationToken cancellationToken)
    {
        if (function is not null && await function.EnterAsync(deadline, cancellationToken).ConfigureAwait(false) is { } full)
        {
            return full;
        }

        var entered = false;
        try
        {
            var rejection = await project.EnterAsync(deadline, cancellationToken).ConfigureAwait(false);
            entered = rejection is null;
            return rejection;
        }
        finally
        {
            if (!entered)
            {
                function?.Exit();
            }
        }
    }

    /// <summary>The body has come, or is no longer wanted.</summary>
    public void Exit()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            project.Exit();
            function?.Exit();
        }
    }
}
