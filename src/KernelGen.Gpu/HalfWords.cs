using System.ComponentModel;
using ILGPU;

namespace KernelGen.Gpu;

/// <summary>
/// 16-bit floating point, two numbers a word, the first in the lower half. For emitted kernels, on every back end: whole-number arithmetic, since OpenCL devices need not have
/// float16 (ILGPU refuses its <c>Half</c> there) and ILGPU knows no bfloat16. Rounded to nearest, ties to even; NaN becomes 0x7fff, as on CUDA.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class HalfWords
{
    private const uint SignBit = 0x8000_0000;
    private const uint Infinity = 0x7F80_0000;
    private const uint NaN = 0x7FFF;

    /// <summary>Two numbers as bfloat16: the upper halves of their bits, rounded.</summary>
    public static uint PackBFloat16(float low, float high) => BFloat16(low) | (BFloat16(high) << 16);

    /// <summary>The lower bfloat16 of a word.</summary>
    public static float LowBFloat16(uint word) => Interop.IntAsFloat(word << 16);

    /// <summary>The upper bfloat16 of a word.</summary>
    public static float HighBFloat16(uint word) => Interop.IntAsFloat(word & 0xFFFF_0000);

    /// <summary>Two numbers as float16.</summary>
    public static uint PackFloat16(float low, float high) => Float16(low) | (Float16(high) << 16);

    /// <summary>The lower float16 of a word.</summary>
    public static float LowFloat16(uint word) => Single(word & 0xFFFF);

    /// <summary>The upper float16 of a word.</summary>
    public static float HighFloat16(uint word) => Single(word >> 16);

    /// <summary>A number as bfloat16, in the lower half.</summary>
    public static uint BFloat16(float x)
    {
        uint bits = Interop.FloatAsInt(x);
        uint rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
        return (bits & ~SignBit) > Infinity ? NaN : rounded;
    }

    /// <summary>A number as float16, in the lower half.</summary>
    public static uint Float16(float x)
    {
        uint bits = Interop.FloatAsInt(x), magnitude = bits & ~SignBit;

        // Exponents of 2^-14 and above lose 112 and 13 bits of fraction. Below, the unit is 2^-24: the last bit of 1/2, to which the sum is rounded.
        uint normal = (magnitude + 0xFFF + ((magnitude >> 13) & 1) - 0x3800_0000) >> 13;
        uint subnormal = Interop.FloatAsInt(Interop.IntAsFloat(magnitude) + 0.5f) - 0x3F00_0000;
        uint rounded = magnitude < 0x3880_0000 ? subnormal : normal;

        // From 65520 on, infinity.
        uint half = (magnitude < 0x477F_F000 ? rounded : 0x7C00) | ((bits & SignBit) >> 16);
        return magnitude > Infinity ? NaN : half;
    }

    /// <summary>The number of a float16. Subnormal ones are made of a whole number: a device may flush subnormal bits.</summary>
    private static float Single(uint half)
    {
        uint magnitude = half & 0x7FFF;
        uint rebiased = (magnitude << 13) + (magnitude < 0x7C00 ? 0x3800_0000u : 0x7000_0000u);
        uint subnormal = Interop.FloatAsInt((int)magnitude * 5.9604644775390625e-8f);
        return Interop.IntAsFloat((magnitude < 0x400 ? subnormal : rebiased) | ((half & 0x8000) << 16));
    }
}
