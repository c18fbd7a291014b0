using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Runtime;

/// <summary>Refuses memory that a call would both write and read, or write twice: its results would depend on the order of the work.</summary>
internal static class Separation
{
    public static void Check<T>(in Tensors<T> tensors, in AttentionOptions<T> options)
        where T : unmanaged
    {
        CheckAgainstInputs("o", tensors.O, tensors, options);
        if (options.FinalState.IsEmpty)
            return;
        CheckAgainstInputs("options.FinalState", options.FinalState, tensors, options);
        CheckAgainstInputs("options.FinalNormalizer", options.FinalNormalizer, tensors, options);
        Refuse<T, T>("options.FinalState", options.FinalState, "o", tensors.O);
        Refuse<T, T>("options.FinalNormalizer", options.FinalNormalizer, "o", tensors.O);
        Refuse<T, T>("options.FinalNormalizer", options.FinalNormalizer, "options.FinalState", options.FinalState);
    }

    private static void CheckAgainstInputs<T>(string name, ReadOnlySpan<T> written, in Tensors<T> tensors, in AttentionOptions<T> options)
        where T : unmanaged
    {
        Refuse(name, written, "q", tensors.Q);
        Refuse(name, written, "k", tensors.K);
        Refuse(name, written, "v", tensors.V);
        Refuse(name, written, "options.KeyMask", options.KeyMask);
        Refuse(name, written, "options.Slopes", options.Slopes);
        Refuse(name, written, "options.CuSeqlens", options.CuSeqlens);
        Refuse(name, written, "options.KeyCuSeqlens", options.KeyCuSeqlens);
        Refuse(name, written, "options.InitialState", options.InitialState);
        Refuse(name, written, "options.InitialNormalizer", options.InitialNormalizer);
    }

    /// <summary>Refuses <paramref name="written"/> where it shares memory with <paramref name="other"/>.</summary>
    public static void Refuse<TWritten, TOther>(string name, ReadOnlySpan<TWritten> written, string otherName, ReadOnlySpan<TOther> other)
        where TWritten : unmanaged
        where TOther : unmanaged
    {
        if (Overlap(written, other))
            ArgumentFault.Expected(name, "memory of its own", $"memory that overlaps {otherName}");
    }

    /// <summary>As <see cref="MemoryExtensions.Overlaps{T}(ReadOnlySpan{T}, ReadOnlySpan{T})"/>, for two element types.</summary>
    private static bool Overlap<TA, TB>(ReadOnlySpan<TA> a, ReadOnlySpan<TB> b)
        where TA : unmanaged
        where TB : unmanaged
    {
        if (a.IsEmpty || b.IsEmpty)
            return false;
        nint distance = Unsafe.ByteOffset(
            ref Unsafe.As<TA, byte>(ref MemoryMarshal.GetReference(a)),
            ref Unsafe.As<TB, byte>(ref MemoryMarshal.GetReference(b)));
        return (nuint)distance < (nuint)((nint)a.Length * Unsafe.SizeOf<TA>())
            || (nuint)distance > (nuint)(-((nint)b.Length * Unsafe.SizeOf<TB>()));
    }
}
