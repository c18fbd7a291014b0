using System.Runtime.CompilerServices;
using ILGPU.Runtime.Cuda;

namespace KernelGen.Gpu.Tests.Halves;

/// <summary>Whether a factor is two words of bfloat16, a lead and a rest, or exact in one.</summary>
public interface IFactorParts
{
    bool IsSplit { get; }
}

/// <summary>One word.</summary>
public readonly struct Whole : IFactorParts
{
    public bool IsSplit => false;
}

/// <summary>Lead and rest.</summary>
public readonly struct Split : IFactorParts
{
    public bool IsSplit => true;
}

/// <summary>A fragment of a left factor: 16 x 16 elements over a warp.</summary>
internal readonly record struct HalfFragment(uint A0, uint A1, uint A2, uint A3)
{
    public static HalfFragment Load(uint address)
    {
        TensorCore.Load(address, out uint a0, out uint a1, out uint a2, out uint a3);
        return new HalfFragment(a0, a1, a2, a3);
    }

    public static HalfFragment LoadTransposed(uint address)
    {
        TensorCore.LoadTransposed(address, out uint a0, out uint a1, out uint a2, out uint a3);
        return new HalfFragment(a0, a1, a2, a3);
    }
}

/// <summary>16 x 64 sums over a warp, eight products' side by side, and what is done with tiles as <see cref="HalfProduct"/> lays them out.</summary>
internal struct HalfStrip
{
    public Float4 C0, C1, C2, C3, C4, C5, C6, C7;

    /// <summary>
    /// Adds a product with sixteen steps of k, by up to three products of parts: lead by lead, rest by lead, lead by rest. That of both rests is 2^-16 of the whole, and left out.
    /// </summary>
    /// <param name="lead">The left factor's.</param>
    /// <param name="rest">Its rest, where it is split.</param>
    /// <param name="start">Address of shared memory.</param>
    /// <param name="right">Byte of this thread's row of the right factor's lead, k = 0 and n = 0; its rest lies a tile behind.</param>
    /// <param name="k">The first step.</param>
    /// <param name="isTransposed">Whether the right factor's rows are n; then both factors are split, or neither.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add<TLeft, TRight>(HalfFragment lead, HalfFragment rest, uint start, uint right, int k, bool isTransposed)
        where TLeft : struct, IFactorParts
        where TRight : struct, IFactorParts
    {
        Ref<float> s0 = C0.X, s1 = C0.Y, s2 = C0.Z, s3 = C0.W;
        Ref<float> s4 = C1.X, s5 = C1.Y, s6 = C1.Z, s7 = C1.W;
        Ref<float> s8 = C2.X, s9 = C2.Y, s10 = C2.Z, s11 = C2.W;
        Ref<float> s12 = C3.X, s13 = C3.Y, s14 = C3.Z, s15 = C3.W;
        Ref<float> s16 = C4.X, s17 = C4.Y, s18 = C4.Z, s19 = C4.W;
        Ref<float> s20 = C5.X, s21 = C5.Y, s22 = C5.Z, s23 = C5.W;
        Ref<float> s24 = C6.X, s25 = C6.Y, s26 = C6.Z, s27 = C6.W;
        Ref<float> s28 = C7.X, s29 = C7.Y, s30 = C7.Z, s31 = C7.W;
        Input<uint> l0 = lead.A0, l1 = lead.A1, l2 = lead.A2, l3 = lead.A3, r0 = rest.A0, r1 = rest.A1, r2 = rest.A2, r3 = rest.A3;
        Input<uint> at = isTransposed ? Moved(right, k, 0) : Moved(right, 0, k), from = start;
        if (isTransposed && default(TLeft).IsSplit)
        {
            CudaAsm.EmitRef(
                HalfStripAssembly.RightTransposedSplit,
                ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9, ref s10, ref s11, ref s12, ref s13, ref s14, ref s15,
                ref s16, ref s17, ref s18, ref s19, ref s20, ref s21, ref s22, ref s23, ref s24, ref s25, ref s26, ref s27, ref s28, ref s29, ref s30, ref s31,
                ref l0, ref l1, ref l2, ref l3, ref at, ref from, ref r0, ref r1, ref r2, ref r3);
        }
        else if (isTransposed)
        {
            CudaAsm.EmitRef(
                HalfStripAssembly.RightTransposed,
                ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9, ref s10, ref s11, ref s12, ref s13, ref s14, ref s15,
                ref s16, ref s17, ref s18, ref s19, ref s20, ref s21, ref s22, ref s23, ref s24, ref s25, ref s26, ref s27, ref s28, ref s29, ref s30, ref s31,
                ref l0, ref l1, ref l2, ref l3, ref at, ref from);
        }
        else if (default(TLeft).IsSplit && default(TRight).IsSplit)
        {
            CudaAsm.EmitRef(
                HalfStripAssembly.PlainSplit,
                ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9, ref s10, ref s11, ref s12, ref s13, ref s14, ref s15,
                ref s16, ref s17, ref s18, ref s19, ref s20, ref s21, ref s22, ref s23, ref s24, ref s25, ref s26, ref s27, ref s28, ref s29, ref s30, ref s31,
                ref l0, ref l1, ref l2, ref l3, ref at, ref from, ref r0, ref r1, ref r2, ref r3);
        }
        else if (default(TLeft).IsSplit)
        {
            CudaAsm.EmitRef(
                HalfStripAssembly.PlainLeftSplit,
                ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9, ref s10, ref s11, ref s12, ref s13, ref s14, ref s15,
                ref s16, ref s17, ref s18, ref s19, ref s20, ref s21, ref s22, ref s23, ref s24, ref s25, ref s26, ref s27, ref s28, ref s29, ref s30, ref s31,
                ref l0, ref l1, ref l2, ref l3, ref at, ref from, ref r0, ref r1, ref r2, ref r3);
        }
        else if (default(TRight).IsSplit)
        {
            CudaAsm.EmitRef(
                HalfStripAssembly.PlainRightSplit,
                ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9, ref s10, ref s11, ref s12, ref s13, ref s14, ref s15,
                ref s16, ref s17, ref s18, ref s19, ref s20, ref s21, ref s22, ref s23, ref s24, ref s25, ref s26, ref s27, ref s28, ref s29, ref s30, ref s31,
                ref l0, ref l1, ref l2, ref l3, ref at, ref from);
        }
        else
        {
            CudaAsm.EmitRef(
                HalfStripAssembly.Plain,
                ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9, ref s10, ref s11, ref s12, ref s13, ref s14, ref s15,
                ref s16, ref s17, ref s18, ref s19, ref s20, ref s21, ref s22, ref s23, ref s24, ref s25, ref s26, ref s27, ref s28, ref s29, ref s30, ref s31,
                ref l0, ref l1, ref l2, ref l3, ref at, ref from);
        }

        C0 = new Float4(s0.Value, s1.Value, s2.Value, s3.Value);
        C1 = new Float4(s4.Value, s5.Value, s6.Value, s7.Value);
        C2 = new Float4(s8.Value, s9.Value, s10.Value, s11.Value);
        C3 = new Float4(s12.Value, s13.Value, s14.Value, s15.Value);
        C4 = new Float4(s16.Value, s17.Value, s18.Value, s19.Value);
        C5 = new Float4(s20.Value, s21.Value, s22.Value, s23.Value);
        C6 = new Float4(s24.Value, s25.Value, s26.Value, s27.Value);
        C7 = new Float4(s28.Value, s29.Value, s30.Value, s31.Value);
    }

    /// <summary>Place some columns on and some rows down: <see cref="HalfProduct"/> says why.</summary>
    public static uint Moved(uint place, int columns, int rows) => (place ^ (uint)(columns << 1)) + ((uint)rows << 7);

    /// <summary>Sums of two neighbouring products as the left factor of the next: rows stay, columns become steps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AsLeft(Float4 first, Float4 second, out HalfFragment lead, out HalfFragment rest)
    {
        TensorCore.SplitBFloat16(first.X, first.Y, out uint l0, out uint r0);
        TensorCore.SplitBFloat16(first.Z, first.W, out uint l1, out uint r1);
        TensorCore.SplitBFloat16(second.X, second.Y, out uint l2, out uint r2);
        TensorCore.SplitBFloat16(second.Z, second.W, out uint l3, out uint r3);
        lead = new HalfFragment(l0, l1, l2, l3);
        rest = new HalfFragment(r0, r1, r2, r3);
    }
}
