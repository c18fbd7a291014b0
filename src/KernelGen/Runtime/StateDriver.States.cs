using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace KernelGen.Runtime;

/// <content>State objects.</content>
public static partial class StateDriver
{
    /// <summary>A state object at the beginning of every sequence.</summary>
    /// <typeparam name="TKernel">The generated kernels.</typeparam>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="sequences">Sequences N, at least 1.</param>
    /// <param name="heads">Query heads H, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is below 1, or the state would be longer than an array can be.</exception>
    public static AttentionState<T> CreateState<TKernel, T>(int sequences, int heads)
        where TKernel : struct, IStateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T> => new KernelState<TKernel, T>(sequences, heads);

    /// <summary>Reads a saved state; there is a result only when all of it has been read and found whole. What follows in the stream is left alone.</summary>
    /// <typeparam name="TKernel">The generated kernels.</typeparam>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="stream">At the first byte of the state.</param>
    /// <exception cref="InvalidDataException">The bytes are not a state, or one of another variant or format version, or truncated, or damaged.</exception>
    public static AttentionState<T> ReadState<TKernel, T>(Stream stream)
        where TKernel : struct, IStateKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(stream);
        KernelTraits traits = TKernel.Traits;
        using var reader = new StateReader(stream);
        StateHeader header = reader.Header();
        if (header.Variant != traits.Variant)
            StateReader.Invalid($"the state is one of variant \"{header.Variant}\", {traits.Name} needs \"{traits.Variant}\"");
        if (header != StateHeader.Of(traits, header.Sequences, header.Heads))
            StateReader.Invalid($"the state is laid out by another version of the generator: {header.Layout}, {traits.Name} needs {traits.State}");
        Int128 bytes = ArgumentFault.Product(header.Sequences, header.Heads, traits.State.Length) * Unsafe.SizeOf<T>();
        if (header.Sequences < 1 || header.Heads < 1 || bytes / Unsafe.SizeOf<T>() > AlignedBuffer<T>.MaxLength)
            StateReader.Invalid($"the state is damaged: {header.Sequences} sequences of {header.Heads} heads");
        reader.Expect(bytes + ((long)header.Sequences * 2 * sizeof(long)) + SHA256.HashSizeInBytes);
        var state = new KernelState<TKernel, T>(header.Sequences, header.Heads);
        state.Read(reader);
        return state;
    }
}
