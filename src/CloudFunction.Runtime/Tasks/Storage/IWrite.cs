namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>One change that waits for the writer. All of it is called by the writer's thread.</summary>
internal interface IWrite
{
    /// <summary>How much of the queue's room it takes.</summary>
    long Bytes { get; }

    /// <summary>Makes the change within the writer's transaction. Called again, where the transaction was rolled back for another's fault.</summary>
    void Apply(TaskTables tables);

    /// <summary>The change is on disk.</summary>
    void Committed();

    /// <summary>The change was not made.</summary>
    void Failed(Exception reason);
}
