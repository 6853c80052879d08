namespace CloudFunction.Runtime.Invocations;

/// <summary>Who is to be notified after something has happened to an invocation; see <see cref="Invocation.Notify"/>.</summary>
internal enum Notice
{
    /// <summary>Nobody.</summary>
    None,

    /// <summary>Who awaits <see cref="Invocation.Begun"/>.</summary>
    Begun,

    /// <summary>Who awaits <see cref="Invocation.ReadAsync"/>.</summary>
    More,

    /// <summary>Nobody: both lives are over.</summary>
    Recycle,
}
