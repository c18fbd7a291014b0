using KernelGen.Generator.Support;

namespace KernelGen.Generator.Surface;

/// <summary>What the surface has to know of the compiled kernels.</summary>
internal sealed record SurfaceModel
{
    /// <summary>See <see cref="VariantText"/>.</summary>
    public required string Variant { get; init; }

    /// <summary>Width M of a mapped row.</summary>
    public required int FeatureDim { get; init; }

    public required StateBlockLayout State { get; init; }

    /// <summary>Scratch elements of one call, the most that any level needs.</summary>
    public required int ScratchLength { get; init; }

    public required long UsefulFlopsPerToken { get; init; }

    /// <summary>Whether the kernels' classes have <c>Read</c> beside <c>Sweep</c>: where the declaration is not causal.</summary>
    public required bool HasRead { get; init; }

    /// <summary>Slots of a sweep cut along the sequence, or null where it cannot be: the classes then lack <c>Contribute</c>, <c>Fold</c> and <c>Emit</c>.</summary>
    public required WindowLayout? Window { get; init; }

    public required BackwardModel Backward { get; init; }

    /// <summary>Levels that kernels were emitted for; Scalar is always among them.</summary>
    public required EquatableArray<LevelKernels> Levels { get; init; }
}

/// <summary>The kernels of one level.</summary>
/// <param name="Level">The level's number in <c>KernelGen.InstructionSet</c>.</param>
/// <param name="ClassName">Fully qualified, <c>global::</c> included; has <c>static void Sweep(ref KernelFrame&lt;T&gt; frame)</c> and, where said, <c>Read</c>.</param>
/// <param name="BackwardClassName">Likewise; has a method for each of <see cref="BackwardModel.Phases"/>.</param>
/// <param name="RegisterTile">"rows x columns" of the widest contraction, or a word where there is no tile.</param>
internal sealed record LevelKernels(int Level, string ClassName, string BackwardClassName, string RegisterTile);

/// <summary>The numbers of <c>KernelGen.Runtime.WindowTraits</c>, in elements.</summary>
/// <param name="SlotLength">Of a chunk's slot.</param>
/// <param name="Sums">Of its sums.</param>
/// <param name="Emits">Whether the sweep has outputs, so that there is <c>Emit</c>.</param>
internal sealed record WindowLayout(int SlotLength, int Sums, bool Emits);

/// <summary>The numbers of <c>KernelGen.Runtime.StateLayout</c>, in elements; -1 where the declaration has no such part.</summary>
internal sealed record StateBlockLayout
{
    public required int Length { get; init; }

    public required int SumOffset { get; init; }

    public required int SumStride { get; init; }

    public required int SumCompensationOffset { get; init; }

    public required int NormalizerOffset { get; init; }

    public required int NormalizerCompensationOffset { get; init; }

    public required int ChunkOffset { get; init; }
}
