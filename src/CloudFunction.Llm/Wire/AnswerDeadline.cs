namespace CloudFunction.Llm.Wire;

/// <summary>How long a provider may be silent: until its answer begins, and within it.</summary>
/// <param name="limit">How long.</param>
/// <param name="time">Its clock.</param>
internal sealed class AnswerDeadline(TimeSpan limit, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _source = new(limit, time);
    private bool _hasBegun;

    /// <summary>Runs a step of the answer, which the deadline ends as well as the caller.</summary>
    /// <exception cref="AnswerException">The time is up.</exception>
    public async ValueTask<T> RunAsync<T>(Func<CancellationToken, ValueTask<T>> step, CancellationToken cancellationToken)
    {
        if (_hasBegun)
        {
            _source.CancelAfter(limit);
        }

        var registration = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
        await using (registration.ConfigureAwait(false))
        {
            try
            {
                return await step(_source.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException exception) when (_source.IsCancellationRequested)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var span = FormattableString.Invariant($"{limit.TotalSeconds:0.###} s (LlmOptions.AttemptTimeout)");
                throw _hasBegun
                    ? new AnswerException(AnswerFault.BrokeOff, $"nothing came for {span}", innerException: exception)
                    : new AnswerException(AnswerFault.Late, span, innerException: exception);
            }
            finally
            {
                if (_hasBegun)
                {
                    _source.CancelAfter(Timeout.InfiniteTimeSpan); // How long its reader takes is not the provider's fault.
                }
            }
        }
    }

    /// <summary>Notes that the answer has begun: from here on only silence counts.</summary>
    public void Begin()
    {
        _hasBegun = true;
        _source.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _source.Dispose();
}
