namespace CloudFunction.Runtime.Tests.Workers;

/// <summary>Tests that change the process's environment: they run alone.</summary>
[CollectionDefinition(nameof(EnvironmentOfTheProcess), DisableParallelization = true)]
public sealed class EnvironmentOfTheProcess;
