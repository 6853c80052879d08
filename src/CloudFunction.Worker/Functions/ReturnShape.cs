namespace CloudFunction.Worker.Functions;

/// <summary>What a function's method returns.</summary>
internal enum ReturnShape
{
    /// <summary>Nothing, at once.</summary>
    Void,

    /// <summary>A <see cref="System.Threading.Tasks.Task"/>.</summary>
    Task,

    /// <summary>A <see cref="System.Threading.Tasks.ValueTask"/>.</summary>
    ValueTask,

    /// <summary>The result itself.</summary>
    Result,

    /// <summary>A <see cref="Task{TResult}"/>.</summary>
    TaskOfResult,

    /// <summary>A <see cref="ValueTask{TResult}"/>.</summary>
    ValueTaskOfResult,

    /// <summary>An <see cref="IAsyncEnumerable{T}"/>.</summary>
    Items,
}
