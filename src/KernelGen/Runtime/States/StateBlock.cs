using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Runtime;

/// <summary>
/// The state block of one sequence and head, as <see cref="StateLayout"/> lays it out, and its plain form: S as [M, E], z as [M], without
/// padding, compensation or unfinished chunk.
/// </summary>
internal static class StateBlock
{
    /// <summary>Zeroes the state proper. The unfinished chunk means nothing while it is empty and is left alone.</summary>
    public static void Clear<T>(ref T block, StateLayout layout)
        where T : unmanaged => MemoryMarshal.CreateSpan(ref block, layout.ChunkOffset).Clear();

    /// <summary>Replaces the state proper by a plain state; padding and compensation become zero.</summary>
    public static void Load<T>(ref T block, KernelTraits traits, ReadOnlySpan<T> state, ReadOnlySpan<T> normalizer)
        where T : unmanaged
    {
        StateLayout layout = traits.State;
        Clear(ref block, layout);
        for (int m = 0; m < traits.FeatureDim; m++)
            state.Slice(m * traits.ValueDim, traits.ValueDim).CopyTo(SumRow(ref block, traits, m));
        if (traits.Normalized)
            normalizer.CopyTo(Normalizer(ref block, traits));
    }

    /// <summary>Writes the plain state.</summary>
    public static void Store<T>(ref T block, KernelTraits traits, Span<T> state, Span<T> normalizer)
        where T : unmanaged
    {
        for (int m = 0; m < traits.FeatureDim; m++)
            SumRow(ref block, traits, m).CopyTo(state.Slice(m * traits.ValueDim, traits.ValueDim));
        if (traits.Normalized)
            Normalizer(ref block, traits).CopyTo(normalizer);
    }

    private static Span<T> SumRow<T>(ref T block, KernelTraits traits, int m)
        where T : unmanaged =>
        MemoryMarshal.CreateSpan(ref Unsafe.Add(ref block, traits.State.SumOffset + (m * traits.State.SumStride)), traits.ValueDim);

    private static Span<T> Normalizer<T>(ref T block, KernelTraits traits)
        where T : unmanaged =>
        MemoryMarshal.CreateSpan(ref Unsafe.Add(ref block, traits.State.NormalizerOffset), traits.FeatureDim);
}
