using System.ComponentModel;
using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using KernelGen.Runtime;

namespace KernelGen.Gpu;

/// <summary>The form of every forward kernel. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate void GpuForwardKernel(
    ArrayView<float> k, GpuRows kRows, ArrayView<float> q, GpuRows qRows, ArrayView<float> v, GpuRows vRows, ArrayView<float> o, GpuRows oRows, ArrayView<byte> mask, GpuRows maskRows,
    ArrayView<float> slopes, ArrayView<float> stateIn, ArrayView<float> stateOut, ArrayView<int> starts, GpuCut cut);

/// <summary>A forward kernel with what a launch adds.</summary>
internal delegate void GpuForwardLauncher(
    AcceleratorStream stream, KernelConfig config,
    ArrayView<float> k, GpuRows kRows, ArrayView<float> q, GpuRows qRows, ArrayView<float> v, GpuRows vRows, ArrayView<float> o, GpuRows oRows, ArrayView<byte> mask, GpuRows maskRows,
    ArrayView<float> slopes, ArrayView<float> stateIn, ArrayView<float> stateOut, ArrayView<int> starts, GpuCut cut);

/// <summary>One kernel of a declaration. For emitted code.</summary>
/// <param name="Name">As the tile program calls it.</param>
/// <param name="Kernel">The method.</param>
/// <param name="Threads">Threads of a block.</param>
/// <param name="SharedBytes">Shared memory of a block.</param>
/// <param name="OverKeys">Whether it goes over key tokens and has no outputs.</param>
/// <param name="Folds">Whether it changes the state.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record GpuPhase(string Name, GpuForwardKernel Kernel, int Threads, int SharedBytes, bool OverKeys, bool Folds)
{
    /// <summary>The method that is compiled for a device.</summary>
    public MethodInfo Method => Kernel.Method;

    /// <summary>
    /// How it is compiled: for so many threads, and for two blocks on a multiprocessor at least. Left to itself CUDA's assembler aims at more where shared memory lets it, and
    /// spills sums for that.
    /// </summary>
    public KernelSpecialization Specialization => new(Threads, 2);
}

/// <summary>What the runtime must know of a declaration's GPU kernels. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record GpuTraits
{
    /// <summary>The declaration.</summary>
    public required KernelTraits Kernel { get; init; }

    /// <summary>Tokens of a chunk on a GPU.</summary>
    public required int ChunkSize { get; init; }

    /// <summary>Blocks that share a head, each with a slice of the values.</summary>
    public required int Slices { get; init; }

    /// <summary>Elements of the state of a sequence and head.</summary>
    public required int StateLength { get; init; }

    /// <summary>Where S [M, E] begins in a state.</summary>
    public required int SumOffset { get; init; }

    /// <summary>Where z [M] begins in a state, or -1.</summary>
    public required int NormalizerOffset { get; init; }

    /// <summary>Phases of the forward pass, in order.</summary>
    public required IReadOnlyList<GpuPhase> Phases { get; init; }
}
