namespace KernelGen.Runtime;

/// <summary>
/// A 16-bit format that tensors are stored in: how its bits, in the low half of a 32-bit lane, become a float, and back. Written once over
/// <see cref="ILanes{TVector, T}"/>: .NET 10 has neither the conversions of F16C nor those of AVX512-BF16.
/// </summary>
internal interface IStorage
{
    /// <summary>The float of each lane's 16 bits (zero above them): exact.</summary>
    static abstract TVector Widen<TLanes, TVector>(TVector bits)
        where TLanes : ILanes<TVector, float>
        where TVector : unmanaged;

    /// <summary>The nearest number's 16 bits (zero above them), ties to even; overflow gives infinity, NaN stays NaN.</summary>
    static abstract TVector Narrow<TLanes, TVector>(TVector value)
        where TLanes : ILanes<TVector, float>
        where TVector : unmanaged;
}
