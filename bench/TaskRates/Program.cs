using SideBySide;
using TaskRates;
using TaskRates.Systems;

// The first word says which part this process plays; without one it runs the measurement and starts the others.
return await MeasuredRun.ExitAsync(async () => args switch
{
    ["hangfire", .. var rest] => await HangfireServer.RunAsync(HangfireArguments.Parse(rest)),
    ["--help" or "-h" or "help", ..] => ShowUsage(),
    _ => await RatesRun.RunAsync(RatesOptions.Parse(args)),
});

static int ShowUsage()
{
    Console.WriteLine(RatesOptions.Usage);
    return 0;
}
