namespace KernelGen.Runtime;

/// <summary>
/// The constants and polynomials of the elementary functions in one number format. The reductions around them are written once, over this
/// interface and <see cref="ILanes{TVector, T}"/>.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IFormat<T>
    where T : unmanaged
{
    /// <summary>Stored bits of the significand: the exponent field begins above them.</summary>
    static abstract int FractionBits { get; }

    /// <summary>log2(e).</summary>
    static abstract T Log2E { get; }

    /// <summary>The leading bits of -ln 2, so few that a product with any exponent is exact.</summary>
    static abstract T MinusLn2High { get; }

    /// <summary>-ln 2 - <see cref="MinusLn2High"/>.</summary>
    static abstract T MinusLn2Low { get; }

    /// <summary>
    /// 1.5 2^p + (bias - 1), where adding 1.5 2^p rounds to an integer: the sum's low bits are that integer as the exponent field of its
    /// power of two, halved.
    /// </summary>
    static abstract T HalvedExponentMagic { get; }

    /// <summary>An argument that <see cref="Exponential"/> takes to 0, above -infinity by far enough to compute with.</summary>
    static abstract T ExpUnderflow { get; }

    /// <summary>An argument whose exponential overflows, near enough to compute with.</summary>
    static abstract T ExpOverflow { get; }

    /// <summary>2 exp(r) for |r| &lt;= ln(2) / 2, exactly 2 at 0.</summary>
    static abstract TVector TwiceExp<TLanes, TVector>(TVector r)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged;
}
