using System.ComponentModel;
using System.Reflection;
using ILGPU.Runtime;
using KernelGen.Runtime;

namespace KernelGen.Gpu;

/// <summary>One kernel of a declaration. For emitted code.</summary>
/// <typeparam name="TKernel">The form of its pass.</typeparam>
/// <param name="Name">As the tile program calls it.</param>
/// <param name="Kernel">The method.</param>
/// <param name="Threads">Threads of a block.</param>
/// <param name="SharedBytes">Shared memory of a block.</param>
/// <param name="Slices">Blocks that share a sequence and head, each with a slice of the values or of the features.</param>
/// <param name="ChunkSize">Tokens of a chunk.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record GpuPhase<TKernel>(string Name, TKernel Kernel, int Threads, int SharedBytes, int Slices, int ChunkSize) : IGpuPhase
    where TKernel : Delegate
{
    /// <inheritdoc/>
    public MethodInfo Method => Kernel.Method;

    /// <inheritdoc/>
    public KernelSpecialization Specialization => new(Threads, 2);
}

/// <summary>What is known of a kernel of either pass. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IGpuPhase
{
    /// <summary>As the tile program calls it.</summary>
    string Name { get; }

    /// <summary>The method that is compiled for a device.</summary>
    MethodInfo Method { get; }

    /// <summary>
    /// How it is compiled: for so many threads, and for two blocks on a multiprocessor at least. Left to itself CUDA's assembler aims at more where shared memory lets it, and
    /// spills sums for that.
    /// </summary>
    KernelSpecialization Specialization { get; }

    /// <summary>Threads of a block.</summary>
    int Threads { get; }

    /// <summary>Shared memory of a block.</summary>
    int SharedBytes { get; }

    /// <summary>Blocks that share a sequence and head.</summary>
    int Slices { get; }

    /// <summary>Tokens of a chunk.</summary>
    int ChunkSize { get; }
}

/// <summary>What the runtime must know of a declaration's GPU kernels. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record GpuTraits
{
    /// <summary>The declaration.</summary>
    public required KernelTraits Kernel { get; init; }

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
    public required IReadOnlyList<GpuPhase<GpuForwardKernel>> Forward { get; init; }

    /// <summary>What a run of chunks adds to the state.</summary>
    public required GpuPhase<GpuForwardKernel> State { get; init; }

    /// <summary>The forward pass for calls of no more tokens than its chunk has; null where a token sees all keys.</summary>
    public GpuPhase<GpuForwardKernel>? Step { get; init; }

    /// <summary>Phases of the backward pass: Rows (where outputs are normalised), Queries, Keys, Values, StateGradient.</summary>
    public required IReadOnlyList<GpuPhase<GpuBackwardKernel>> Backward { get; init; }

    /// <summary>Every kernel.</summary>
    public IEnumerable<IGpuPhase> Phases => Forward.Append(State).Concat(Step is null ? [] : [Step]).Distinct().Concat<IGpuPhase>(Backward);
}
