namespace TaskRates.Systems;

internal sealed record StartAnswer(long? Start);
