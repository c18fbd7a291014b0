using System.ComponentModel;

namespace KernelGen.Runtime;

/// <summary>
/// A block of rows as a phase of a dense layer sees it. Strides are in elements from one row to the next; references that a phase has no use for may be null. Nothing outside the
/// rows named by <see cref="Length"/> is read or written.
/// </summary>
/// <typeparam name="T">Element type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct DenseFrame<T>
    where T : unmanaged
{
    /// <summary>First row of x.</summary>
    public ref readonly T Input;

    /// <summary>First row of the second input u.</summary>
    public ref readonly T Gate;

    /// <summary>First row of the gradient that comes from above: dy, dz or dh.</summary>
    public ref readonly T Upstream;

    /// <summary>First row of the results.</summary>
    public ref T Output;

    /// <summary>First row of the second results.</summary>
    public ref T SecondOutput;

    /// <summary>The right factor, packed in panels.</summary>
    public ref readonly T Weights;

    /// <summary>The second right factor.</summary>
    public ref readonly T SecondWeights;

    /// <summary>The bias, padded to whole panels.</summary>
    public ref readonly T Bias;

    /// <summary>The second bias.</summary>
    public ref readonly T SecondBias;

    /// <summary>Weights' gradient: the left factor, dz of a chunk of tokens transposed, rows of <see cref="DenseTraits.TokenChunk"/> elements.</summary>
    public ref readonly T Left;

    /// <summary>Scratch, 64-byte aligned, at least <see cref="DenseTraits.ScratchLength"/> elements.</summary>
    public ref T Scratch;

    /// <summary>Elements from a row of x to the next.</summary>
    public nint InputStride;

    /// <summary>Elements from a row of u to the next.</summary>
    public nint GateStride;

    /// <summary>Elements from a row of the upstream gradient to the next.</summary>
    public nint UpstreamStride;

    /// <summary>Elements from a row of the results to the next.</summary>
    public nint OutputStride;

    /// <summary>Elements from a row of the second results to the next.</summary>
    public nint SecondOutputStride;

    /// <summary>Rows.</summary>
    public int Length;

    /// <summary>First column of the product that is wanted, a multiple of a panel's.</summary>
    public int FirstColumn;

    /// <summary>Where the wanted columns end: a multiple of a panel's.</summary>
    public int LastColumn;

    /// <summary>Weights' gradient: tokens of the chunk.</summary>
    public int Depth;
}
