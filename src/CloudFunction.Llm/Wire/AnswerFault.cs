namespace CloudFunction.Llm.Wire;

/// <summary>What is wrong with an answer.</summary>
internal enum AnswerFault
{
    /// <summary>It has the status of an error.</summary>
    Refused,

    /// <summary>The provider reports an error in the answer's place, or in the midst of it.</summary>
    Reported,

    /// <summary>It did not begin in time.</summary>
    Late,

    /// <summary>It ended before it was whole.</summary>
    BrokeOff,

    /// <summary>It is something else: a page of HTML, an empty body, JSON of another kind.</summary>
    NoCompletion,
}
