using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Projects;

/// <summary>A deployment that is to serve.</summary>
/// <param name="Deployment">Which.</param>
/// <param name="Weight">Its part of the calls, above 0.</param>
internal sealed record WeightedDeployment(Deployment Deployment, int Weight);
