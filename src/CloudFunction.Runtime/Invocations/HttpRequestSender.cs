namespace CloudFunction.Runtime.Invocations;

/// <summary>Sends HTTP requests to workers: the head first, then the body as it comes, while the function runs and may answer already.</summary>
internal static class HttpRequestSender
{
    /// <summary>Sends one. Does not throw.</summary>
    /// <param name="invocation">The call of an HTTP function; its stream is open.</param>
    /// <param name="request">What its caller wants.</param>
    /// <param name="cancellationToken">Fires once the caller is gone.</param>
    /// <returns>What kept the body from being read, after which the call is cancelled; null for nothing.</returns>
    public static async Task<Exception?> SendAsync(Invocation invocation, InvocationRequest request, CancellationToken cancellationToken)
    {
        var (worker, body, hasBody) = (invocation.Worker, request.Body, request.Http!.HasBody);
        var before = request.First;
        var sent = false;
        invocation.SetBody(body);
        try
        {
            var first = request.Http.EncodeBehind(InvokeFrame.HeaderOf(invocation, request.Attempt));
            while (!(sent = invocation.WantsPayload && worker.TrySendInvoke(invocation, first, default, whole: !hasBody, isHttp: true)))
            {
                await worker.WaitForCreditAsync(invocation, first.Length, cancellationToken).ConfigureAwait(false);
            }

            while (hasBody)
            {
                var read = before ?? await body.ReadAsync(cancellationToken).ConfigureAwait(false);
                before = null;
                if (read.IsCanceled || !invocation.WantsPayload)
                {
                    body.AdvanceTo(read.Buffer.Start);
                    break; // It has ended, or its caller is gone.
                }

                try
                {
                    await worker.SendPayloadAsync(invocation.StreamId, invocation.SendCredit, read.Buffer, read.IsCompleted, cancellationToken)
                        .ConfigureAwait(false);
                }
                finally
                {
                    body.AdvanceTo(read.Buffer.End); // However it ends, the server reads on.
                }

                hasBody = !read.IsCompleted;
            }
        }
        catch (OperationCanceledException)
        {
            // The caller is gone, and the result shows it.
        }
        catch (IOException) when (!invocation.WantsPayload)
        {
            // The stream or the worker has ended: the result shows how.
        }
        catch (Exception failure)
        {
            invocation.Cancel();
            return failure; // The client broke off, or sent more than it may.
        }
        finally
        {
            invocation.SetBody(null);
            request.BodyPlace?.Exit();
            if (!sent)
            {
                worker.Withdraw(invocation);
            }
        }

        return null;
    }
}
