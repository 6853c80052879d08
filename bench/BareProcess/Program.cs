// What "dotnet new console" makes: the measure of what a start and a resident process cost before anything is done with them.
// "stay" keeps it alive for a reading of its memory; bounded, so that one that is left behind ends by itself.
Console.WriteLine("Hello, World!");
if (args is ["stay"])
{
    using var never = new ManualResetEvent(false);
    never.WaitOne(TimeSpan.FromMinutes(5));
}
