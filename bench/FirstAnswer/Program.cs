using FirstAnswer;
using SideBySide;
using SideBySide.Options;

try
{
    return args is ["--help" or "-h" or "help", ..] ? ShowUsage() : await FirstAnswerRun.RunAsync(FirstAnswerOptions.Parse(args));
}
catch (UsageException usage)
{
    await Console.Error.WriteLineAsync(usage.Message);
    return 2;
}
catch (MeasurementException failure)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 1;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("Cancelled; nothing was written.");
    return 130;
}

static int ShowUsage()
{
    Console.WriteLine(FirstAnswerOptions.Usage);
    return 0;
}
