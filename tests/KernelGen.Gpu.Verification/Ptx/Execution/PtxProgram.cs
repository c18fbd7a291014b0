namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>A kernel decoded, functions in line: steps, and the layout of registers and memory that they assume.</summary>
internal sealed class PtxProgram
{
    public required PtxFunction Entry { get; init; }

    public required PtxStep[] Steps { get; init; }

    /// <summary>Registers, constants and special registers among them; each is 32 values.</summary>
    public required int RegisterCount { get; init; }

    public required int PredicateCount { get; init; }

    /// <summary>Registers that hold constants.</summary>
    public required IReadOnlyList<(int Register, ulong Value)> Constants { get; init; }

    /// <summary>Registers that hold special registers.</summary>
    public required IReadOnlyList<(int Register, string Name)> Specials { get; init; }

    /// <summary>Predicates that are constant.</summary>
    public required IReadOnlyList<(int Predicate, bool Value)> ConstantPredicates { get; init; }

    /// <summary>Offsets of the entry's parameters in the bytes of a launch.</summary>
    public required IReadOnlyList<int> ParameterOffsets { get; init; }

    public required int ParameterBytes { get; init; }

    /// <summary>States of a thread's local bytes before it starts: guards, and bytes that nothing wrote.</summary>
    public required byte[] LocalStates { get; init; }

    /// <summary>The same of a block's shared bytes.</summary>
    public required byte[] SharedStates { get; init; }

    /// <summary>log2 of the smallest element that any access to shared memory has, for the race detector.</summary>
    public required int SharedGranuleShift { get; init; }

    /// <summary>The same of global memory.</summary>
    public required int GlobalGranuleShift { get; init; }
}
