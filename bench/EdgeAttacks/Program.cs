using EdgeAttacks;
using EdgeAttacks.Options;
using SideBySide;

return await MeasuredRun.ExitAsync(async () => args switch
{
    ["--help" or "-h" or "help", ..] => ShowUsage(),
    _ => await EdgeRun.RunAsync(EdgeOptions.Parse(args)),
});

static int ShowUsage()
{
    Console.WriteLine(EdgeOptions.Usage);
    return 0;
}
