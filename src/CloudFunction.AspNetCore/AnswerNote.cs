using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore;

/// <summary>What the access log records of an answer beside its status.</summary>
internal sealed class AnswerNote
{
    /// <summary>The API's error code; null where it was answered with none.</summary>
    public string? Code { get; private set; }

    /// <summary>Whether the answer was broken off.</summary>
    public bool IsCut { get; private set; }

    /// <summary>What there is for a request; null for nothing.</summary>
    public static AnswerNote? Find(HttpContext context) => context.Features.Get<AnswerNote>();

    /// <summary>It is answered with an error.</summary>
    public static void Fail(HttpContext context, string code) => Of(context).Code = code;

    /// <summary>Ends its connection, or its stream, in the middle, so that no client takes a part for the whole.</summary>
    public static void Cut(HttpContext context)
    {
        Of(context).IsCut = true;
        context.Abort();
    }

    private static AnswerNote Of(HttpContext context)
    {
        if (context.Features.Get<AnswerNote>() is not { } note)
        {
            note = new AnswerNote();
            context.Features.Set(note);
        }

        return note;
    }
}
