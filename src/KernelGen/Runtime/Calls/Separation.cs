namespace KernelGen.Runtime;

/// <summary>Refuses memory that a call would both write and read, or write twice: its results would depend on the order of the work.</summary>
internal static class Separation
{
    public static void Check<T>(in Tensors tensors, in AttentionOptions<T> options)
        where T : unmanaged
    {
        CheckAgainstInputs("o", tensors.O, tensors, options);
        if (options.FinalState.IsEmpty)
            return;
        var state = TensorMemory.Of<T>(options.FinalState);
        var normalizer = TensorMemory.Of<T>(options.FinalNormalizer);
        CheckAgainstInputs("options.FinalState", state, tensors, options);
        CheckAgainstInputs("options.FinalNormalizer", normalizer, tensors, options);
        Refuse("options.FinalState", state, "o", tensors.O);
        Refuse("options.FinalNormalizer", normalizer, "o", tensors.O);
        Refuse("options.FinalNormalizer", normalizer, "options.FinalState", state);
    }

    private static void CheckAgainstInputs<T>(string name, TensorMemory written, in Tensors tensors, in AttentionOptions<T> options)
        where T : unmanaged
    {
        Refuse(name, written, "q", tensors.Q);
        Refuse(name, written, "k", tensors.K);
        Refuse(name, written, "v", tensors.V);
        Refuse(name, written, "options.KeyMask", options.KeyMask);
        Refuse(name, written, "options.Slopes", options.Slopes);
        Refuse(name, written, "options.LogGates", options.LogGates);
        Refuse(name, written, "options.CuSeqlens", options.CuSeqlens);
        Refuse(name, written, "options.KeyCuSeqlens", options.KeyCuSeqlens);
        Refuse(name, written, "options.InitialState", options.InitialState);
        Refuse(name, written, "options.InitialNormalizer", options.InitialNormalizer);
    }

    /// <summary>Refuses <paramref name="written"/> where it shares memory with <paramref name="other"/>.</summary>
    public static void Refuse(string name, TensorMemory written, string otherName, TensorMemory other)
    {
        if (written.Overlaps(other))
            ArgumentFault.Expected(name, "memory of its own", $"memory that overlaps {otherName}");
    }

    /// <inheritdoc cref="Refuse(string, TensorMemory, string, TensorMemory)"/>
    public static void Refuse<TOther>(string name, TensorMemory written, string otherName, ReadOnlySpan<TOther> other)
        where TOther : unmanaged => Refuse(name, written, otherName, TensorMemory.Of(other));

    /// <inheritdoc cref="Refuse(string, TensorMemory, string, TensorMemory)"/>
    public static void Refuse<TWritten, TOther>(string name, ReadOnlySpan<TWritten> written, string otherName, ReadOnlySpan<TOther> other)
        where TWritten : unmanaged
        where TOther : unmanaged => Refuse(name, TensorMemory.Of(written), otherName, TensorMemory.Of(other));
}
