using Hangfire.Storage;

namespace TaskRates.Systems;

internal sealed record CountsAnswer(long Succeeded, long Failed)
{
    public static CountsAnswer Of(IMonitoringApi monitoring) => new(monitoring.SucceededListCount(), monitoring.FailedCount());
}
