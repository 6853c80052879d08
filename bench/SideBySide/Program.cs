using SideBySide;
using SideBySide.Deploys;
using SideBySide.Options;
using SideBySide.Projects;
using SideBySide.RoundTrips;
using SideBySide.Streams;
using SideBySide.Systems;

// The first word says which part this process plays; without one it runs the comparison and starts the others.
return await MeasuredRun.ExitAsync(async () => args switch
{
    ["minimal", .. var rest] => await GreetServer.RunAsync(RoleArguments.Parse(rest)),
    ["backend", .. var rest] => await GreetServer.RunAsync(RoleArguments.Parse(rest)),
    ["yarp", .. var rest] => await YarpServer.RunAsync(RoleArguments.Parse(rest)),
    ["echo", .. var rest] => EchoServer.Run(RoleArguments.Parse(rest)),
    ["projects", .. var rest] => await ProjectsRun.RunAsync(ProjectsOptions.Parse(rest)),
    ["deploys", .. var rest] => await DeploysRun.RunAsync(DeploysOptions.Parse(rest)),
    ["streams", .. var rest] => await StreamsRun.RunAsync(StreamsOptions.Parse(rest)),
    ["--help" or "-h" or "help", ..] => ShowUsage(),
    _ => await Comparison.RunAsync(ComparisonOptions.Parse(args)),
});

static int ShowUsage()
{
    Console.WriteLine($"{ComparisonOptions.Usage}\n\n{ProjectsOptions.Usage}\n\n{DeploysOptions.Usage}\n\n{StreamsOptions.Usage}");
    return 0;
}
