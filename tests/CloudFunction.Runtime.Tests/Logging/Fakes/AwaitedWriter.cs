namespace CloudFunction.Runtime.Tests.Logging.Fakes;

/// <summary>Standard error, whose first whole line can be waited for.</summary>
internal sealed class AwaitedWriter : StringWriter
{
    private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<string> FirstLine => _line.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        _line.TrySetResult(value ?? "");
    }
}
