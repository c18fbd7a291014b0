namespace KernelGen.Runtime;

/// <summary>Plain states [N, H, M, E] and normalisers [N, H, M], one sequence and head at a time.</summary>
internal static class PlainStates
{
    public static ReadOnlySpan<T> State<T>(ReadOnlySpan<T> states, int index, KernelTraits traits) =>
        states.Slice(index * traits.FeatureDim * traits.ValueDim, traits.FeatureDim * traits.ValueDim);

    public static Span<T> State<T>(Span<T> states, int index, KernelTraits traits) =>
        states.Slice(index * traits.FeatureDim * traits.ValueDim, traits.FeatureDim * traits.ValueDim);

    /// <summary>Empty where the declaration has no normaliser.</summary>
    public static ReadOnlySpan<T> Normalizer<T>(ReadOnlySpan<T> normalizers, int index, KernelTraits traits) =>
        traits.Normalized ? normalizers.Slice(index * traits.FeatureDim, traits.FeatureDim) : default;

    /// <inheritdoc cref="Normalizer{T}(ReadOnlySpan{T}, int, KernelTraits)"/>
    public static Span<T> Normalizer<T>(Span<T> normalizers, int index, KernelTraits traits) =>
        traits.Normalized ? normalizers.Slice(index * traits.FeatureDim, traits.FeatureDim) : default;
}
