using ILGPU;

namespace KernelGen.Gpu;

/// <summary>The forward pass of a declaration on a device.</summary>
/// <typeparam name="T">Elements of tensors.</typeparam>
internal sealed class GpuForwardPass<T> : IDisposable
    where T : unmanaged
{
    private readonly GpuDevice _device;
    private readonly GpuTraits _traits;
    private readonly StateKernels _states;
    private readonly LoadedKernel<GpuForwardLauncher<T>>[] _phases;
    private readonly DeviceScratch _total;
    private readonly DeviceScratch _slots;
    private LoadedKernel<GpuForwardLauncher<T>>? _state;
    private LoadedKernel<GpuForwardLauncher<T>>? _step;

    public GpuForwardPass(GpuDevice device, GpuTraits traits, StateKernels states)
    {
        (_device, _traits, _states) = (device, traits, states);
        _phases = LoadedKernel<GpuForwardLauncher<T>>.All(device, traits.Kernel.Name, traits.Forward);
        (_total, _slots) = (new DeviceScratch(device.Accelerator), new DeviceScratch(device.Accelerator));
    }

    public void Run(in GpuCall call, in GpuTensors<T> tensors, ArrayView<float> before, ArrayView<float> after)
    {
        if (_traits.Kernel.Causal)
            Sweep(call, tensors, before, after);
        else
            Read(call, tensors, Sum(call, tensors, before, after, _total), _phases[1]);
    }

    /// <summary>The state of all keys, into <paramref name="after"/> or else into <paramref name="total"/>.</summary>
    public ArrayView<float> Sum(in GpuCall call, in GpuTensors<T> tensors, ArrayView<float> before, ArrayView<float> after, DeviceScratch total)
    {
        GpuCutting cutting = GpuCutting.Of(call.LongestKeys, call.Pairs * _traits.State.Slices);
        if (after.Length == 0)
            after = total.Take(call.Pairs * _traits.StateLength);
        if (cutting.Count == 1)
            Launch(call, tensors, State, cutting, cutting.Shared(call.IsPacked), before, after, call.KeyStarts);
        else
            Contribute(call, tensors, cutting, before, after);
        return after;
    }

    /// <summary>The state before every run of a causal sequence, and the last run's after it.</summary>
    public ArrayView<float> Contribute(in GpuCall call, in GpuTensors<T> tensors, GpuCutting cutting, ArrayView<float> before, ArrayView<float> after)
    {
        ArrayView<float> slots = _slots.Take(call.Pairs * cutting.Count * _traits.StateLength);
        Launch(call, tensors, State, cutting, cutting.Own(call.IsPacked), ArrayView<float>.Empty, slots, call.KeyStarts);
        _states.Fold(call, cutting, call.KeyStarts, slots, before, after, reverse: false);
        return slots;
    }

    public void Dispose()
    {
        foreach (LoadedKernel<GpuForwardLauncher<T>> phase in _phases)
            phase.Dispose();
        _state?.Dispose();
        _step?.Dispose();
        _total.Dispose();
        _slots.Dispose();
    }

    /// <summary>Compiled when a sequence is first cut: most never are.</summary>
    private LoadedKernel<GpuForwardLauncher<T>> State => _traits.Kernel.Causal ? _state ??= new LoadedKernel<GpuForwardLauncher<T>>(_device, _traits.Kernel.Name, _traits.State) : _phases[0];

    /// <summary>The kernel of a few tokens, compiled at the first such call, or else the sweep.</summary>
    private LoadedKernel<GpuForwardLauncher<T>> Whole(int tokens) => _traits.Step is { } step && tokens <= step.ChunkSize
        ? _step ??= new LoadedKernel<GpuForwardLauncher<T>>(_device, _traits.Kernel.Name, step)
        : _phases[0];

    private void Sweep(in GpuCall call, in GpuTensors<T> tensors, ArrayView<float> before, ArrayView<float> after)
    {
        GpuCutting cutting = GpuCutting.Of(call.LongestQueries, call.Pairs * _traits.Forward[0].Slices);
        if (cutting.Count == 1)
        {
            Launch(call, tensors, Whole(call.LongestQueries), cutting, cutting.Shared(call.IsPacked), before, after, call.QueryStarts);
            return;
        }

        ArrayView<float> slots = Contribute(call, tensors, cutting, before, after);
        Launch(call, tensors, _phases[0], cutting, cutting.Own(call.IsPacked), slots, ArrayView<float>.Empty, call.QueryStarts);
    }

    private static void Read(in GpuCall call, in GpuTensors<T> tensors, ArrayView<float> total, LoadedKernel<GpuForwardLauncher<T>> phase)
    {
        GpuCutting cutting = GpuCutting.Of(call.LongestQueries, call.Pairs * phase.Phase.Slices);
        Launch(call, tensors, phase, cutting, cutting.Shared(call.IsPacked), total, ArrayView<float>.Empty, call.QueryStarts);
    }

    private static void Launch(
        in GpuCall call, in GpuTensors<T> tensors, LoadedKernel<GpuForwardLauncher<T>> kernel, GpuCutting cutting, GpuCut cut, ArrayView<float> before, ArrayView<float> after, ArrayView<int> starts)
    {
        KernelConfig config = new(cutting.Grid(call.Geometry.Heads, kernel.Phase.Slices, call.Sequences), new Index3D(kernel.Phase.Threads, 1, 1));
        kernel.Launch(
            call.Stream, config, tensors.K, call.KeyRows, tensors.Q, call.QueryRows, tensors.V, call.ValueRows, tensors.O, call.OutputRows, call.Mask, call.MaskRows,
            call.Slopes, before, after, starts, cut);
    }
}

/// <summary>The tensors of a forward call.</summary>
internal readonly record struct GpuTensors<T>(ArrayView<T> Q, ArrayView<T> K, ArrayView<T> V, ArrayView<T> O)
    where T : unmanaged;
