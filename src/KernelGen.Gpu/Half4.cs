using System.ComponentModel;
using System.Runtime.InteropServices;

namespace KernelGen.Gpu;

/// <summary>Four 16-bit numbers that a GPU loads and stores at once, two in a word, the first in the lower half. For emitted kernels.</summary>
[StructLayout(LayoutKind.Sequential)]
[EditorBrowsable(EditorBrowsableState.Never)]
public struct Half4(uint low, uint high)
{
    /// <summary>The first two.</summary>
    public uint Low = low;

    /// <summary>The last two.</summary>
    public uint High = high;

    /// <summary>Four float16, widened.</summary>
    public static Float4 FromFloat16(Half4 x) => new(HalfWords.LowFloat16(x.Low), HalfWords.HighFloat16(x.Low), HalfWords.LowFloat16(x.High), HalfWords.HighFloat16(x.High));

    /// <summary>Four bfloat16, widened.</summary>
    public static Float4 FromBFloat16(Half4 x) => new(HalfWords.LowBFloat16(x.Low), HalfWords.HighBFloat16(x.Low), HalfWords.LowBFloat16(x.High), HalfWords.HighBFloat16(x.High));

    /// <summary>Four numbers, rounded to float16.</summary>
    public static Half4 ToFloat16(Float4 x) => new(HalfWords.PackFloat16(x.X, x.Y), HalfWords.PackFloat16(x.Z, x.W));

    /// <summary>Four numbers, rounded to bfloat16.</summary>
    public static Half4 ToBFloat16(Float4 x) => new(HalfWords.PackBFloat16(x.X, x.Y), HalfWords.PackBFloat16(x.Z, x.W));
}
