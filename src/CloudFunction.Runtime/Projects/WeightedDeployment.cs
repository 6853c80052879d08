using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Projects;

/// <summary>A deployment that is to serve, with its part of the calls, above 0.</summary>
internal sealed record WeightedDeployment(Deployment Deployment, int Weight);
