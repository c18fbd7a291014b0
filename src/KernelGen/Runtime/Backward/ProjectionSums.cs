using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Runtime;

/// <summary>
/// The gradients of learned projections: kernels leave that of a sequence and head in its block, from where it is kept; what shares a matrix is added up in order of the sequences, then of the
/// heads, in double precision, whoever computed it.
/// </summary>
internal static class ProjectionSums
{
    /// <summary>Elements to keep a sequence and head: of queries' (or the shared) matrix, and of the keys' own; 0 where no gradient is asked for.</summary>
    public static int Elements<T>(scoped in BackwardOptions<T> options, KernelTraits traits)
        where T : unmanaged => IsWanted(options) ? Elements(traits) : 0;

    /// <summary>The same where every gradient is asked for.</summary>
    public static int Elements(KernelTraits traits) => traits.Backward is not { ProjectionGradientOffset: >= 0 } ? 0 : (traits.HasKeyProjection ? 2 : 1) * Matrix(traits);

    /// <summary>Refuses gradients of what has none, and of another length than what they are the gradients of.</summary>
    public static void Check<T>(scoped in BackwardOptions<T> options, KernelTraits traits)
        where T : unmanaged
    {
        bool isLearned = traits.Backward is { ProjectionGradientOffset: >= 0 };
        Check("options.ProjectionGradients", options.ProjectionGradients.Length, isLearned, "has no learned projection", options.Projection, traits.HeadDim, traits);
        Check("options.ProjectionBiasGradients", options.ProjectionBiasGradients.Length, isLearned && traits.HasProjectionBias, "has no learned bias", options.Projection, 1, traits);
        Check("options.KeyProjectionGradients", options.KeyProjectionGradients.Length, isLearned && traits.HasKeyProjection, "has no learned projection for keys alone", options.KeyProjection, traits.HeadDim, traits);
        Check("options.KeyProjectionBiasGradients", options.KeyProjectionBiasGradients.Length, isLearned && traits.HasKeyProjection && traits.HasProjectionBias, "has no learned bias for keys alone", options.KeyProjection, 1, traits);
    }

    /// <summary>Keeps what the phases have left in a block.</summary>
    public static void Store<T>(scoped in BackwardContext<T> context, int sequence, int head, ref T block, KernelTraits traits)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int elements = Elements(context.Call.Options, traits);
        if (elements == 0)
            return;
        ref T kept = ref context.ProjectionGradient(sequence, head, elements);
        Copy(ref Unsafe.Add(ref block, traits.Backward!.ProjectionGradientOffset), ref kept, traits);
        if (traits.HasKeyProjection)
            Copy(ref Unsafe.Add(ref block, traits.Backward.KeyProjectionGradientOffset), ref Unsafe.Add(ref kept, Matrix(traits)), traits);
    }

    /// <summary>What the call asked for, once every sequence and head is done.</summary>
    public static void Sum<T>(scoped in BackwardContext<T> context, KernelTraits traits)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref readonly BackwardOptions<T> options = ref context.Call.Options;
        Sum(context, traits, options.ProjectionGradients, options.Projection, 0, 0, traits.HeadDim);
        Sum(context, traits, options.ProjectionBiasGradients, options.Projection, 0, traits.HeadDim, 1);
        Sum(context, traits, options.KeyProjectionGradients, options.KeyProjection, Matrix(traits), 0, traits.HeadDim);
        Sum(context, traits, options.KeyProjectionBiasGradients, options.KeyProjection, Matrix(traits), traits.HeadDim, 1);
    }

    private static void Sum<T>(scoped in BackwardContext<T> context, KernelTraits traits, Span<T> gradients, FeatureProjection<T>? projection, int matrix, int column, int width)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (gradients.IsEmpty)
            return;
        int elements = Elements(context.Call.Options, traits), perHead = traits.ProjectedDim * width, heads = context.Call.Geometry.Heads;
        bool isShared = projection!.Heads == 1;
        for (int i = 0; i < gradients.Length; i++)
        {
            int of = matrix + (i % perHead / width * traits.ProjectionColumns) + column + (i % width);
            double sum = 0;
            for (int n = 0; n < context.Call.Sequences; n++)
            {
                for (int h = isShared ? 0 : i / perHead; h <= (isShared ? heads - 1 : i / perHead); h++)
                    sum += double.CreateTruncating(Unsafe.Add(ref context.ProjectionGradient(n, h, elements), of));
            }

            gradients[i] = T.CreateTruncating(sum);
        }
    }

    private static void Copy<T>(ref T padded, ref T rows, KernelTraits traits)
        where T : unmanaged
    {
        int line = 64 / Unsafe.SizeOf<T>(), columns = traits.ProjectionColumns, stride = (columns + line - 1) / line * line;
        for (int m = 0; m < traits.ProjectedDim; m++)
            MemoryMarshal.CreateSpan(ref Unsafe.Add(ref padded, m * stride), columns).CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref rows, m * columns), columns));
    }

    private static int Matrix(KernelTraits traits) => traits.ProjectedDim * traits.ProjectionColumns;

    private static bool IsWanted<T>(scoped in BackwardOptions<T> options)
        where T : unmanaged => !(options.ProjectionGradients.IsEmpty && options.ProjectionBiasGradients.IsEmpty && options.KeyProjectionGradients.IsEmpty && options.KeyProjectionBiasGradients.IsEmpty);

    private static void Check<T>(string name, int length, bool exists, string whyNot, FeatureProjection<T>? projection, int width, KernelTraits traits)
        where T : unmanaged
    {
        if (length == 0)
            return;
        if (!exists)
            ArgumentFault.Refused(name, $"{traits.Name} {whyNot}");
        if (ArgumentFault.Product(projection!.Heads, projection.Features, width) == length)
            return;
        if (width == 1)
            ArgumentFault.Length(name, length, "[H, M]", projection.Heads, projection.Features);
        ArgumentFault.Length(name, length, "[H, M, D]", projection.Heads, projection.Features, width);
    }
}
