using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Runtime;

/// <summary>
/// The block that the phases of a backward pass share, as <see cref="BackwardTraits"/> lays it out, and its plain forms: S and dS as [M, E],
/// z and dz as [M].
/// </summary>
internal static class BackwardBlock
{
    /// <summary>A block before its first phase: the initial state and the final state's gradient, zeros where a call has none and everywhere else.</summary>
    public static void Load<T>(ref T block, KernelTraits traits, BackwardTraits backward, ReadOnlySpan<T> state, ReadOnlySpan<T> normalizer, ReadOnlySpan<T> stateGradient, ReadOnlySpan<T> normalizerGradient)
        where T : unmanaged
    {
        MemoryMarshal.CreateSpan(ref block, backward.BlockLength).Clear();
        if (!state.IsEmpty)
        {
            for (int m = 0; m < traits.FeatureDim; m++)
            {
                for (int e = 0; e < traits.ValueDim; e++)
                    Unsafe.Add(ref block, backward.TransposedSumOffset + (e * backward.TransposedSumStride) + m) = state[(m * traits.ValueDim) + e];
            }

            if (traits.Normalized)
                normalizer.CopyTo(Vector(ref block, backward.NormalizerOffset, traits));
        }

        if (stateGradient.IsEmpty)
            return;
        for (int m = 0; m < traits.FeatureDim; m++)
            stateGradient.Slice(m * traits.ValueDim, traits.ValueDim).CopyTo(GradientRow(ref block, traits, backward, m));
        if (traits.Normalized)
            normalizerGradient.CopyTo(Vector(ref block, backward.NormalizerGradientOffset, traits));
    }

    /// <summary>Writes dS and dz, after the last phase the initial state's gradient.</summary>
    public static void Store<T>(ref T block, KernelTraits traits, BackwardTraits backward, Span<T> stateGradient, Span<T> normalizerGradient)
        where T : unmanaged
    {
        for (int m = 0; m < traits.FeatureDim; m++)
            GradientRow(ref block, traits, backward, m).CopyTo(stateGradient.Slice(m * traits.ValueDim, traits.ValueDim));
        if (traits.Normalized)
            NormalizerGradient(ref block, traits, backward).CopyTo(normalizerGradient);
    }

    /// <summary>Row m of dS.</summary>
    public static Span<T> GradientRow<T>(ref T block, KernelTraits traits, BackwardTraits backward, int m)
        where T : unmanaged =>
        MemoryMarshal.CreateSpan(ref Unsafe.Add(ref block, backward.SumGradientOffset + (m * backward.SumGradientStride)), traits.ValueDim);

    /// <summary>dz of a normalised declaration.</summary>
    public static Span<T> NormalizerGradient<T>(ref T block, KernelTraits traits, BackwardTraits backward)
        where T : unmanaged => Vector(ref block, backward.NormalizerGradientOffset, traits);

    private static Span<T> Vector<T>(ref T block, int offset, KernelTraits traits)
        where T : unmanaged => MemoryMarshal.CreateSpan(ref Unsafe.Add(ref block, offset), traits.FeatureDim);
}
