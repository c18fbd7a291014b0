using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Runtime;
using KernelGen.Runtime;

namespace KernelGen.Gpu;

/// <summary>
/// A declaration's kernels on a device, compiled when this is made. Calls launch and return: synchronise the stream before results are read on the host. An object serves one
/// stream at a time, since it keeps scratch memory of its own.
/// </summary>
public sealed class GpuAttention : IDisposable
{
    private readonly GpuTraits _traits;
    private readonly List<Kernel> _kernels = [];
    private readonly List<GpuForwardLauncher> _launchers = [];
    private readonly Action<AcceleratorStream, Index1D, ArrayView<float>, long, ArrayView<float>, long, int> _copy;
    private readonly DeviceList<int> _queryStarts;
    private readonly DeviceList<int> _keyStarts;
    private readonly DeviceList<float> _slopes;
    private MemoryBuffer1D<float, Stride1D.Dense>? _scratch;

    /// <summary>For emitted code: <c>OnGpu</c> of the declared class makes one.</summary>
    /// <exception cref="InvalidOperationException">The device cannot run a kernel; the message names both.</exception>
    [System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
    public GpuAttention(GpuDevice device, GpuTraits traits)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(traits);
        (Device, _traits) = (device, traits);
        Accelerator accelerator = device.Accelerator;
        try
        {
            foreach (GpuPhase phase in traits.Phases)
                Load(phase);
        }
        catch
        {
            DisposeKernels();
            throw;
        }

        _copy = accelerator.LoadAutoGroupedKernel<Index1D, ArrayView<float>, long, ArrayView<float>, long, int>(CopyRun);
        (_queryStarts, _keyStarts, _slopes) = (new(accelerator), new(accelerator), new(accelerator));
    }

    /// <summary>The device.</summary>
    public GpuDevice Device { get; }

    /// <summary>What the declaration became on the device.</summary>
    public GpuInfo Info => new(Device.Name, _traits.ChunkSize, _traits.Slices, _traits.StateLength * sizeof(float), [.. _traits.Phases.Select(p => new GpuKernelInfo(p.Name, p.Threads, p.SharedBytes))]);

    /// <summary>A state for calls and steps.</summary>
    /// <param name="sequences">Sequences N, at least 1.</param>
    /// <param name="heads">Query heads H, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    public GpuState CreateState(int sequences, int heads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sequences, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(heads, 1);
        return new GpuState(this, _traits, sequences, heads);
    }

    /// <summary>Outputs of whole sequences, or of what comes next in those whose state <see cref="GpuForwardOptions.State"/> is; with one token a sequence, a decode step.</summary>
    /// <param name="q">[B, T, H, D], or [B, H, T, D] with heads first; device memory, as all views.</param>
    /// <param name="k">[B, S, G, D].</param>
    /// <param name="v">[B, S, G, E].</param>
    /// <param name="o">[B, T, H, E], written; apart from the inputs.</param>
    /// <param name="shape">B, T, H, and where they differ G and S.</param>
    /// <param name="options">What is optional.</param>
    /// <exception cref="ArgumentException">A view or an option does not fit the shape or the declaration; nothing was launched.</exception>
    public void Forward(ArrayView<float> q, ArrayView<float> k, ArrayView<float> v, ArrayView<float> o, in AttentionShape shape, GpuForwardOptions? options = null)
    {
        options ??= new GpuForwardOptions();
        KernelTraits traits = _traits.Kernel;
        Geometry geometry = ShapeValidation.Resolve(shape, traits);
        AttentionOptions<float> checkedOptions = new() { CuSeqlens = options.CuSeqlens.Span, KeyCuSeqlens = options.KeyCuSeqlens.Span };
        int sequences = OptionsValidation.CheckSequences(checkedOptions, geometry, traits);
        long queries = (long)geometry.Batch * geometry.Length, keys = (long)geometry.Batch * geometry.KeyLength;
        GpuValidation.CheckTensor("q", q, queries * geometry.Heads * traits.HeadDim, traits.HeadDim, "B T H D");
        GpuValidation.CheckTensor("k", k, keys * geometry.KeyValueHeads * traits.HeadDim, traits.HeadDim, "B S G D");
        GpuValidation.CheckTensor("v", v, keys * geometry.KeyValueHeads * traits.ValueDim, traits.ValueDim, "B S G E");
        GpuValidation.CheckTensor("o", o, queries * geometry.Heads * traits.ValueDim, traits.ValueDim, "B T H E");
        GpuValidation.CheckApart("o", o, "q", q);
        GpuValidation.CheckApart("o", o, "k", k);
        GpuValidation.CheckApart("o", o, "v", v);
        if (options.KeyMask.Length > 0)
            GpuValidation.CheckLength("options.KeyMask", options.KeyMask.Length, keys, traits.Causal ? "[B, T]" : "[B, S]");
        OptionsValidation.CheckSlopes(options.Slopes.Span, geometry.Heads, traits);
        if (options.State is { } own && !own.BelongsTo(this))
            ArgumentFault.Refused("options.State", "it was made by another GpuAttention");
        GpuValidation.CheckGrid("shape.Heads", (long)geometry.Heads * _traits.Slices, _traits.Slices);
        GpuValidation.CheckGrid(options.CuSeqlens.IsEmpty ? "shape.Batch" : "options.CuSeqlens", sequences, 1);
        if (options.State is { } state && (state.Sequences != sequences || state.Heads != geometry.Heads))
            ArgumentFault.Expected("options.State", FormattableString.Invariant($"{sequences} sequences and {geometry.Heads} heads"), FormattableString.Invariant($"{state.Sequences} and {state.Heads}"));
        if (sequences == 0 || (queries == 0 && keys == 0))
            return;
        Launch(new Tensors(q, k, v, o), geometry, sequences, options);
    }

    /// <summary>Frees the kernels and the scratch memory.</summary>
    public void Dispose()
    {
        DisposeKernels();
        _queryStarts.Dispose();
        _keyStarts.Dispose();
        _slopes.Dispose();
        _scratch?.Dispose();
    }

    private void DisposeKernels()
    {
        foreach (Kernel kernel in _kernels)
            kernel.Dispose();
        _kernels.Clear();
    }

    /// <summary>Copies a run of elements of every state, to or from where runs lie behind one another.</summary>
    internal void CopyRuns(AcceleratorStream? stream, ArrayView<float> from, long fromStride, ArrayView<float> to, long toStride, int count)
    {
        long runs = fromStride == count ? from.Length / count : to.Length / count;
        _copy(stream ?? Device.Accelerator.DefaultStream, new Index1D(checked((int)(runs * count))), from, fromStride, to, toStride, count);
    }

    private static void CopyRun(Index1D index, ArrayView<float> from, long fromStride, ArrayView<float> to, long toStride, int count)
    {
        long run = index / count, element = index % count;
        to[(run * toStride) + element] = from[(run * fromStride) + element];
    }

    private void Load(GpuPhase phase)
    {
        Accelerator accelerator = Device.Accelerator;
        if (phase.Threads > accelerator.MaxNumThreadsPerGroup || phase.SharedBytes > accelerator.MaxSharedMemoryPerGroup)
        {
            throw new InvalidOperationException(FormattableString.Invariant(
                $"{_traits.Kernel.Name}.{phase.Name} takes {phase.Threads} threads and {phase.SharedBytes} bytes of shared memory a block; {Device.Name} has {accelerator.MaxNumThreadsPerGroup} and {accelerator.MaxSharedMemoryPerGroup}."));
        }

        try
        {
            CompiledKernel compiled = accelerator.GetBackend().Compile(EntryPointDescription.FromExplicitlyGroupedKernel(phase.Method), phase.Specialization);
            Kernel kernel = accelerator.LoadKernel(compiled);
            _kernels.Add(kernel);
            _launchers.Add(kernel.CreateLauncherDelegate<GpuForwardLauncher>());
        }
        catch (InternalCompilerException failure)
        {
            throw new InvalidOperationException($"{_traits.Kernel.Name}.{phase.Name} could not be compiled for {Device.Name}: {failure.Message}", failure);
        }
    }

    private void Launch(in Tensors tensors, in Geometry geometry, int sequences, GpuForwardOptions options)
    {
        AcceleratorStream stream = options.Stream ?? Device.Accelerator.DefaultStream;
        bool isPacked = !options.CuSeqlens.IsEmpty;
        ReadOnlySpan<int> cuts = options.CuSeqlens.Span;
        ReadOnlySpan<int> keyCuts = options.KeyCuSeqlens.IsEmpty ? cuts : options.KeyCuSeqlens.Span;
        ArrayView<int> queryStarts = _queryStarts.Fill(stream, isPacked ? cuts : [0, geometry.Length]);
        ArrayView<int> keyStarts = _keyStarts.Fill(stream, isPacked ? keyCuts : [0, geometry.KeyLength]);
        ArrayView<float> slopes = _slopes.Fill(stream, SlopesOf(options, geometry.Heads));

        GpuRows q = Rows(geometry.Query, isPacked, 1), k = Rows(geometry.Key, isPacked, geometry.Group), v = Rows(geometry.Value, isPacked, geometry.Group), o = Rows(geometry.Output, isPacked, 1);
        GpuRows mask = new(isPacked ? 0 : geometry.KeyLength, 0, 1, 1);
        GpuCut cut = new(Math.Max(1, Math.Max(geometry.Length, geometry.KeyLength)), isPacked ? 1 : 0);
        ArrayView<float> before = options.State?.Current ?? ArrayView<float>.Empty, after = options.State?.Next ?? ArrayView<float>.Empty;
        if (_traits.Phases.Count > 1 && options.State is null)
            after = Scratch((long)sequences * geometry.Heads * _traits.StateLength);
        Index3D grid = new(1, geometry.Heads * _traits.Slices, sequences);
        for (int i = 0; i < _traits.Phases.Count; i++)
        {
            GpuPhase phase = _traits.Phases[i];
            ArrayView<float> reads = phase.Folds ? before : after, writes = phase.Folds ? after : ArrayView<float>.Empty;
            _launchers[i](
                stream, new KernelConfig(grid, new Index3D(phase.Threads, 1, 1)), tensors.K, k, tensors.Q, q, tensors.V, v, tensors.O, o, options.KeyMask, mask, slopes, reads, writes, phase.OverKeys ? keyStarts : queryStarts, cut);
        }

        options.State?.Advance();
    }

    private float[] SlopesOf(GpuForwardOptions options, int heads)
    {
        if (_traits.Kernel.Decay == Decay.PerHead)
            return options.Slopes.ToArray();
        float[] slopes = new float[heads];
        if (_traits.Kernel.Decay == Decay.LightningSlopes)
            LightningSlopes.Fill(slopes);
        return slopes;
    }

    /// <summary>Packed sequences lie behind one another: where they begin is a token.</summary>
    private static GpuRows Rows(RowStrides strides, bool isPacked, int group) => new(isPacked ? 0 : strides.Batch, strides.Head, strides.Token, group);

    private ArrayView<float> Scratch(long length)
    {
        if (_scratch is null || _scratch.Length < length)
        {
            // Kernels that are still to run may have the old one.
            Device.Accelerator.Synchronize();
            _scratch?.Dispose();
            _scratch = Device.Accelerator.Allocate1D<float>(length);
        }

        return _scratch.View.SubView(0, length);
    }

    private readonly record struct Tensors(ArrayView<float> Q, ArrayView<float> K, ArrayView<float> V, ArrayView<float> O);
}
