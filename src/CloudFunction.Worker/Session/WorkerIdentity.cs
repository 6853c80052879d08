namespace CloudFunction.Worker.Session;

/// <summary>Who a worker is to its host.</summary>
/// <param name="WorkerId">The id that the host gave it.</param>
/// <param name="Secret">What proves it; handed over standard input and shown in the first frame.</param>
internal sealed record WorkerIdentity(string WorkerId, string Secret);
