using System.Runtime.InteropServices;

namespace KernelGen.Gpu;

/// <summary>Sixteen bytes that a GPU loads and stores at once. For emitted kernels.</summary>
[StructLayout(LayoutKind.Sequential)]
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public struct Float4(float x, float y, float z, float w)
{
    /// <summary>The first element.</summary>
    public float X = x;

    /// <summary>The second element.</summary>
    public float Y = y;

    /// <summary>The third element.</summary>
    public float Z = z;

    /// <summary>The fourth element.</summary>
    public float W = w;
}
