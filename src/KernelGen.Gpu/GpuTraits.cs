using System.ComponentModel;
using System.Reflection;
using ILGPU.Runtime;
using KernelGen.Runtime;

namespace KernelGen.Gpu;

/// <summary>One kernel of a declaration. For emitted code.</summary>
/// <param name="Name">As the tile program calls it.</param>
/// <param name="Kernel">The method: a <see cref="GpuForwardKernel{T}"/> or <see cref="GpuBackwardKernel{T}"/>.</param>
/// <param name="Threads">Threads of a block.</param>
/// <param name="SharedBytes">Shared memory of a block.</param>
/// <param name="Slices">Blocks that share a sequence and head, each with a slice of the values or of the features.</param>
/// <param name="ChunkSize">Tokens of a chunk.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record GpuPhase(string Name, Delegate Kernel, int Threads, int SharedBytes, int Slices, int ChunkSize)
{
    /// <summary>The same with its products on tensor cores, for devices where <see cref="TensorCore.IsSupported"/>; null where there is none.</summary>
    public Delegate? TensorKernel { get; init; }

    /// <summary>The phase with its products on tensor cores: what such devices run of it; null where there is none.</summary>
    public GpuPhase? OnTensorCores => TensorKernel is null ? null : this with { Kernel = TensorKernel, TensorKernel = null };

    /// <summary>The method that is compiled for a device.</summary>
    public MethodInfo Method => Kernel.Method;

    /// <summary>
    /// How it is compiled: for so many threads, and for two blocks on a multiprocessor at least. Left to itself CUDA's assembler aims at more where shared memory lets it, and
    /// spills sums for that.
    /// </summary>
    public KernelSpecialization Specialization => new(Threads, 2);
}

/// <summary>How a declaration's tensors are stored on a device. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum GpuFormat
{
    /// <summary>As float.</summary>
    Single,

    /// <summary>As the bits of <see cref="System.Half"/>.</summary>
    Float16,

    /// <summary>As the bits of <see cref="KernelGen.BFloat16"/>.</summary>
    BFloat16,
}

/// <summary>What the runtime must know of a declaration's GPU kernels. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record GpuTraits
{
    /// <summary>The declaration.</summary>
    public required KernelTraits Kernel { get; init; }

    /// <summary>How tensors are stored; states and arithmetic are float's.</summary>
    public required GpuFormat Format { get; init; }

    /// <summary>Elements of the state of a sequence and head.</summary>
    public required int StateLength { get; init; }

    /// <summary>Where S [M, E] begins in a state.</summary>
    public required int SumOffset { get; init; }

    /// <summary>Where the compensation of S begins, or -1.</summary>
    public required int SumCompensationOffset { get; init; }

    /// <summary>Where z [M] begins in a state, or -1.</summary>
    public required int NormalizerOffset { get; init; }

    /// <summary>Where the compensation of z begins, or -1.</summary>
    public required int NormalizerCompensationOffset { get; init; }

    /// <summary>Phases of the forward pass, in order: one where a token sees earlier ones only, otherwise the sum over the keys and the queries that read it.</summary>
    public required IReadOnlyList<GpuPhase> Forward { get; init; }

    /// <summary>What a run of chunks adds to the state.</summary>
    public required GpuPhase State { get; init; }

    /// <summary>The forward pass for calls of no more tokens than its chunk has; null where a token sees all keys.</summary>
    public GpuPhase? Step { get; init; }

    /// <summary>Phases of the backward pass: Rows (where outputs are normalised), Queries, Keys, Values, StateGradient.</summary>
    public required IReadOnlyList<GpuPhase> Backward { get; init; }

    /// <summary>Every kernel.</summary>
    public IEnumerable<GpuPhase> Phases => Forward.Append(State).Concat(Step is null ? [] : [Step]).Distinct().Concat(Backward);
}
