namespace SideBySide.Report;

/// <summary>When, of what and where a report is.</summary>
internal sealed record ReportHead(DateTimeOffset Date, SourceState Source, Machine Machine)
{
    public IReadOnlyList<string> Lines =>
    [
        $"- Date: {Date:yyyy-MM-dd HH:mm} UTC",
        $"- Commit: {Source.Commit}{(Source.IsDirty ? ", with changes that are not committed" : "")}",
        $"- Machine: {Machine.Cores} cores, {Machine.Processor}, {Machine.MemoryGigabytes:0.#} GB; {Machine.OperatingSystem}; {Machine.Runtime}",
        $"- Load average before: {Machine.LoadBefore ?? "not known here"}",
    ];

    public static async Task<ReportHead> ReadAsync(CancellationToken cancellationToken) =>
        new(TimeProvider.System.GetUtcNow(), await SourceState.ReadAsync(cancellationToken), await Machine.ReadAsync(cancellationToken));
}
