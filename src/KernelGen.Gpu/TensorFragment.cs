using System.ComponentModel;

namespace KernelGen.Gpu;

/// <summary>A left factor's 16 x 16 elements over a warp, as <see cref="TensorCore"/> says. For emitted kernels.</summary>
/// <param name="A0">Row g, steps 2p and 2p + 1.</param>
/// <param name="A1">Row g + 8.</param>
/// <param name="A2">Row g, steps 2p + 8 and 2p + 9.</param>
/// <param name="A3">Row g + 8.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct TensorFragment(uint A0, uint A1, uint A2, uint A3)
{
    /// <summary>From rows in shared memory.</summary>
    public static TensorFragment Load(uint address)
    {
        TensorCore.Load(address, out uint a0, out uint a1, out uint a2, out uint a3);
        return new TensorFragment(a0, a1, a2, a3);
    }

    /// <summary>From columns: shared memory has the transpose's rows.</summary>
    public static TensorFragment LoadTransposed(uint address)
    {
        TensorCore.LoadTransposed(address, out uint a0, out uint a1, out uint a2, out uint a3);
        return new TensorFragment(a0, a1, a2, a3);
    }
}
