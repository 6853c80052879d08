namespace CloudFunction.Worker.Session;

/// <summary>What <see cref="WarmUpFunction"/> is given and returns.</summary>
internal sealed record WarmUpPayload(string Text);
