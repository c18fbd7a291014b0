using System.Numerics;

namespace KernelGen.Tests.Hosting;

/// <summary>A problem's projections in the kernels' element type.</summary>
internal static class Projections
{
    public static FeatureProjection<T>? Of<T>(AttentionProblem problem)
        where T : unmanaged, IFloatingPointIeee754<T> => Of<T>(problem, problem.Projection, problem.ProjectionBias);

    public static FeatureProjection<T>? OfKeys<T>(AttentionProblem problem)
        where T : unmanaged, IFloatingPointIeee754<T> => Of<T>(problem, problem.KeyProjection, problem.KeyProjectionBias);

    private static FeatureProjection<T>? Of<T>(AttentionProblem problem, double[] rows, double[] bias)
        where T : unmanaged, IFloatingPointIeee754<T> => rows.Length == 0
        ? null
        : FeatureProjection.Create<T>(
            Array.ConvertAll(rows, T.CreateTruncating), problem.ProjectedDim, problem.HeadDim, rows.Length / (problem.ProjectedDim * problem.HeadDim), Array.ConvertAll(bias, T.CreateTruncating));
}
