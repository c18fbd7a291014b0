using System.Numerics;

namespace KernelGen.Tests.Hosting;

/// <summary>A problem's projection in the kernels' element type.</summary>
internal static class Projections
{
    public static FeatureProjection<T>? Of<T>(AttentionProblem problem)
        where T : unmanaged, IFloatingPointIeee754<T> => problem.Projection.Length == 0
        ? null
        : FeatureProjection.Create<T>(Array.ConvertAll(problem.Projection, T.CreateTruncating), problem.ProjectedDim, problem.HeadDim, problem.Projection.Length / (problem.ProjectedDim * problem.HeadDim));
}
