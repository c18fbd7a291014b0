using System.Runtime.CompilerServices;

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
    /// <param name="right">Address of this thread's row of the right factor's lead, k = 0 and n = 0.</param>
    /// <param name="distance">Bytes from there to its rest's.</param>
    /// <param name="k">The first step.</param>
    /// <param name="isTransposed">Whether the right factor's rows are n.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add<TLeft, TRight>(HalfFragment lead, HalfFragment rest, uint start, uint right, uint distance, int k, bool isTransposed)
        where TLeft : struct, IFactorParts
        where TRight : struct, IFactorParts
    {
        Pair<TLeft, TRight>(ref C0, ref C1, lead, rest, start, right, distance, k, 0, isTransposed);
        Pair<TLeft, TRight>(ref C2, ref C3, lead, rest, start, right, distance, k, 16, isTransposed);
        Pair<TLeft, TRight>(ref C4, ref C5, lead, rest, start, right, distance, k, 32, isTransposed);
        Pair<TLeft, TRight>(ref C6, ref C7, lead, rest, start, right, distance, k, 48, isTransposed);
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair<TLeft, TRight>(
        ref Float4 c0, ref Float4 c1, HalfFragment lead, HalfFragment rest, uint start, uint right, uint distance, int k, int n, bool isTransposed)
        where TLeft : struct, IFactorParts
        where TRight : struct, IFactorParts
    {
        uint at = start + (isTransposed ? Moved(right, k, n) : Moved(right, n, k));
        HalfFragment b = isTransposed ? HalfFragment.Load(at) : HalfFragment.LoadTransposed(at);
        Multiply(ref c0, lead, b.A0, b.A1);
        Multiply(ref c1, lead, b.A2, b.A3);
        if (default(TLeft).IsSplit)
        {
            Multiply(ref c0, rest, b.A0, b.A1);
            Multiply(ref c1, rest, b.A2, b.A3);
        }

        if (default(TRight).IsSplit)
        {
            HalfFragment r = isTransposed ? HalfFragment.Load(at + distance) : HalfFragment.LoadTransposed(at + distance);
            Multiply(ref c0, lead, r.A0, r.A1);
            Multiply(ref c1, lead, r.A2, r.A3);
        }
    }

    private static void Multiply(ref Float4 c, HalfFragment a, uint b0, uint b1) =>
        TensorCore.MultiplyBFloat16(ref c.X, ref c.Y, ref c.Z, ref c.W, a.A0, a.A1, a.A2, a.A3, b0, b1);
}
