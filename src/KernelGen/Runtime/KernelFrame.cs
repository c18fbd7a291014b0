using System.ComponentModel;

namespace KernelGen.Runtime;

/// <summary>
/// One sequence and head as a kernel sees it. Strides are in elements from one token to the next. References may be null references
/// only where said; nothing outside the tokens named by <see cref="Length"/> is read or written. Where the declaration stores a 16-bit format, the references to
/// the caller's rows (inputs, outputs and gradients) are to elements of that format, and strides count those.
/// </summary>
/// <typeparam name="T">Element type of states and arithmetic.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct KernelFrame<T>
    where T : unmanaged
{
    /// <summary>First query row, D wide.</summary>
    public ref readonly T Q;

    /// <summary>First key row, D wide.</summary>
    public ref readonly T K;

    /// <summary>First value row, E wide.</summary>
    public ref readonly T V;

    /// <summary>First output row, E wide.</summary>
    public ref T O;

    /// <summary>Backward: first row of the outputs' gradient dO, E wide.</summary>
    public ref readonly T OutputGradient;

    /// <summary>Backward: first row of the queries' gradient dq, D wide.</summary>
    public ref T QueryGradient;

    /// <summary>Backward: first row of the keys' gradient dk, D wide.</summary>
    public ref T KeyGradient;

    /// <summary>Backward: first row of the values' gradient dv, E wide.</summary>
    public ref T ValueGradient;

    /// <summary>
    /// Backward: what one phase leaves for the next, a few elements a token (<see cref="BackwardTraits.TokenElements"/>). A tile of w elements a
    /// token behind p others has token t of the frame at p * <see cref="TokenStride"/> + (<see cref="FirstToken"/> + t) * w.
    /// </summary>
    public ref T Tokens;

    /// <summary>One flag a key token, false where the key is padding; a null reference where nothing is masked.</summary>
    public ref readonly bool KeyMask;

    /// <summary>Log gate of the first token; only read where the declaration has gates.</summary>
    public ref readonly T LogGates;

    /// <summary>The projection's matrix, its rows of D elements (one more where there is a bias) padded to 64 bytes, and its transpose likewise; only read where the declaration projects.</summary>
    public ref T Projection;

    /// <summary>The keys' own matrix, likewise; only read where the declaration has one.</summary>
    public ref T KeyProjection;

    /// <summary>The state block, 64-byte aligned, laid out as <see cref="KernelTraits.State"/> says.</summary>
    public ref T State;

    /// <summary>Scratch, 64-byte aligned, at least <see cref="KernelTraits.ScratchLength"/> elements, contents arbitrary before and after.</summary>
    public ref T Scratch;

    /// <summary>Elements from a token's query row to the next token's.</summary>
    public nint QStride;

    /// <summary>Elements from a token's key row to the next token's.</summary>
    public nint KStride;

    /// <summary>Elements from a token's value row to the next token's.</summary>
    public nint VStride;

    /// <summary>Elements from a token's output row to the next token's.</summary>
    public nint OStride;

    /// <summary>Elements from a token's row of dO to the next token's.</summary>
    public nint OutputGradientStride;

    /// <summary>Elements from a token's row of dq to the next token's.</summary>
    public nint QueryGradientStride;

    /// <summary>Elements from a token's row of dk to the next token's.</summary>
    public nint KeyGradientStride;

    /// <summary>Elements from a token's row of dv to the next token's.</summary>
    public nint ValueGradientStride;

    /// <summary>Elements from a token's log gate to the next token's.</summary>
    public nint LogGatesStride;

    /// <summary>Tokens that <see cref="Tokens"/> has room for, a multiple of 16.</summary>
    public nint TokenStride;

    /// <summary>Tokens that <see cref="Tokens"/> holds before the frame's first.</summary>
    public int FirstToken;

    /// <summary>Tokens in this call.</summary>
    public int Length;

    /// <summary>Rows that the unfinished chunk in the state block already holds, 0 to C-1.</summary>
    public int Begin;

    /// <summary>Whether a chunk left unfinished by this call is folded into the state (which ends the chunk grid).</summary>
    public bool Fold;

    /// <summary>Whether to ask for a chunk's rows while the one before is computed; for calls whose inputs lie in no cache.</summary>
    public bool Prefetches;

    /// <summary>How output rows reach the caller's memory.</summary>
    public OutputMode Output;

    /// <summary>Decay per token, exp(-Slope); only read where the declaration has a decay.</summary>
    public T Slope;

    /// <summary>The slot of the first chunk, 64-byte aligned; only the phases of a cut sweep have slots.</summary>
    public ref T Slots;

    /// <summary>Elements from a chunk's slot to the next chunk's.</summary>
    public nint SlotStride;

    /// <summary>First element of the sums to fold, a multiple of 64 bytes.</summary>
    public int SlotBegin;

    /// <summary>Where the elements to fold end, a multiple of 64 bytes.</summary>
    public int SlotEnd;
}
