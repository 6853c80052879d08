using CloudFunction.Runtime.Projects;

namespace CloudFunction.Runtime.Tests.Projects;

/// <summary>A change of a folder that does nothing but what a test wants.</summary>
/// <param name="onCommit">Done when it is made.</param>
internal sealed class RecordedChange(Action onCommit) : IFolderChange
{
    /// <summary>Whether it was made and not taken back.</summary>
    public bool IsMade { get; private set; }

    /// <summary>How often it was taken back, made or not.</summary>
    public int Rollbacks { get; private set; }

    public void Commit()
    {
        onCommit();
        IsMade = true;
    }

    public void Rollback()
    {
        IsMade = false;
        Rollbacks++;
    }
}
