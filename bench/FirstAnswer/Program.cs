using FirstAnswer;
using SideBySide;

return await MeasuredRun.ExitAsync(
    async () => args is ["--help" or "-h" or "help", ..] ? ShowUsage() : await FirstAnswerRun.RunAsync(FirstAnswerOptions.Parse(args)));

static int ShowUsage()
{
    Console.WriteLine(FirstAnswerOptions.Usage);
    return 0;
}
