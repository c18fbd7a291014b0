namespace KernelGen.Benchmarks.Machine;

/// <summary>
/// One width of vector, so that each loop is written once. A struct with static members: the JIT compiles a loop per width, with
/// nothing left to call.
/// </summary>
internal unsafe interface ILanes<TVector>
    where TVector : struct
{
    /// <summary>Floats in a vector.</summary>
    static abstract int Count { get; }

    static abstract TVector Create(float value);

    /// <summary>a b + c, fused.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    static abstract TVector Add(TVector a, TVector b);

    /// <summary>e to the power of each lane, by the library's own polynomial.</summary>
    static abstract TVector Exp(TVector value);

    static abstract TVector Load(float* source);

    static abstract void Store(TVector value, float* destination);

    /// <summary>A store that does not read the line first; <paramref name="destination"/> is aligned to the vector.</summary>
    static abstract void StoreAround(TVector value, float* destination);

    static abstract float Sum(TVector value);
}
