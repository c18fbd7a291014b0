using System.Numerics;

namespace KernelGen.Runtime;

/// <summary>
/// The operations that an elementary function is written in, over a vector of some width. Every function exists once, over this
/// interface; each width is a struct of static members that the JIT inlines to single instructions. Masks are vectors whose lanes are all
/// ones or all zeros.
/// </summary>
/// <remarks>
/// Implementations of one fused level give the same bits lane by lane: each member is a correctly rounded operation, or one on bits.
/// </remarks>
/// <typeparam name="TVector">A vector of <typeparamref name="T"/>, or <typeparamref name="T"/> itself: one lane.</typeparam>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether <see cref="MultiplyAdd"/> rounds once. A constant to the JIT.</summary>
    static abstract bool IsFused { get; }

    static abstract TVector Create(T value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>a b + c, rounded once where <see cref="IsFused"/>.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>The larger of both; x where x is NaN, whatever the bound.</summary>
    static abstract TVector AtLeast(TVector bound, TVector x);

    /// <summary>The smaller of both; x where x is NaN, whatever the bound.</summary>
    static abstract TVector AtMost(TVector bound, TVector x);

    static abstract TVector And(TVector a, TVector b);

    static abstract TVector Or(TVector a, TVector b);

    static abstract TVector Xor(TVector a, TVector b);

    /// <summary>The bits shifted towards the sign, zeros following.</summary>
    static abstract TVector ShiftLeft(TVector a, int count);

    /// <summary>The bits shifted away from the sign, zeros following.</summary>
    static abstract TVector ShiftRight(TVector a, int count);

    /// <summary>The sum of the bits as integers, wrapping.</summary>
    static abstract TVector AddBits(TVector a, TVector b);

    /// <summary>Mask of a &lt; b; false for NaN.</summary>
    static abstract TVector LessThan(TVector a, TVector b);

    /// <summary>Mask of equal bits.</summary>
    static abstract TVector EqualBits(TVector a, TVector b);

    /// <summary>a where the mask is set, otherwise b.</summary>
    static abstract TVector Select(TVector mask, TVector a, TVector b);

    /// <summary>Whether a &lt;= b in every lane; false where any is NaN.</summary>
    static abstract bool AllLessThanOrEqual(TVector a, TVector b);
}
