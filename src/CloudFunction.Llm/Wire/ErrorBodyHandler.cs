namespace CloudFunction.Llm.Wire;

/// <summary>Keeps the body of an error short, and the key out of it: some proxies send back what they were sent.</summary>
internal sealed class ErrorBodyHandler(KeyMask key, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    // Far more than an error that a person reads.
    private const int MaxBytes = 64 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        var body = new byte[MaxBytes];
        var length = 0;
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            length = await stream.ReadAtLeastAsync(body, MaxBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            // The status is known, and counts without a reason too.
        }

        response.Content = new StringContent(key.Hide(System.Text.Encoding.UTF8.GetString(body.AsSpan(0, length))));
        return response;
    }
}
