using SideBySide;
using SideBySide.Options;
using TaskRates;
using TaskRates.Systems;

// The first word says which part this process plays; without one it runs the measurement and starts the others.
try
{
    return args switch
    {
        ["hangfire", .. var rest] => await HangfireServer.RunAsync(HangfireArguments.Parse(rest)),
        ["--help" or "-h" or "help", ..] => ShowUsage(),
        _ => await RatesRun.RunAsync(RatesOptions.Parse(args)),
    };
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
    Console.WriteLine(RatesOptions.Usage);
    return 0;
}
