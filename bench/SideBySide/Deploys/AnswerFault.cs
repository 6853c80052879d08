namespace SideBySide.Deploys;

/// <summary>What is wrong with an archive.</summary>
internal enum AnswerFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The assembly of the functions is not in it.</summary>
    AssemblyMissing,

    /// <summary>Half of the assembly is in it.</summary>
    AssemblyCutShort,
}
