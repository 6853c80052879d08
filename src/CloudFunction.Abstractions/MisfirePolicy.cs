namespace CloudFunction;

/// <summary>What is done about runs that were due while the host was down, or that its clock has jumped over.</summary>
public enum MisfirePolicy
{
    /// <summary>One run for all of them.</summary>
    Once = 0,

    /// <summary>None.</summary>
    Skip = 1,

    /// <summary>Every one of them, the oldest first.</summary>
    All = 2,
}
