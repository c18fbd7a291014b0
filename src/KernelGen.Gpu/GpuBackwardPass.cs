using ILGPU;
using KernelGen.Runtime;

namespace KernelGen.Gpu;

/// <summary>The backward pass of a declaration on a device: its phases, and what they leave for one another.</summary>
/// <typeparam name="T">Elements of tensors.</typeparam>
internal sealed class GpuBackwardPass<T> : IDisposable
    where T : unmanaged
{
    private readonly GpuTraits _traits;
    private readonly StateKernels _states;
    private readonly GpuForwardPass<T> _forward;
    private readonly Dictionary<string, LoadedKernel<GpuBackwardLauncher<T>>> _phases;
    private readonly DeviceScratch _keysScratch;
    private readonly DeviceScratch _valuesScratch;
    private readonly DeviceScratch _inversesScratch;
    private readonly DeviceScratch _denominatorsScratch;
    private readonly DeviceScratch _queryFlowsScratch;
    private readonly DeviceScratch _keyFlowsScratch;
    private readonly DeviceScratch _slotsScratch;
    private readonly DeviceScratch _sumsScratch;
    private readonly DeviceScratch _gradientsScratch;
    private readonly SlopeGradients _slopes;

    public GpuBackwardPass(GpuDevice device, GpuTraits traits, StateKernels states, GpuForwardPass<T> forward)
    {
        (_traits, _states, _forward) = (traits, states, forward);
        _phases = LoadedKernel<GpuBackwardLauncher<T>>.All(device, traits.Kernel.Name, traits.Backward).ToDictionary(k => k.Phase.Name, StringComparer.Ordinal);
        _keysScratch = new DeviceScratch(device.Accelerator);
        _valuesScratch = new DeviceScratch(device.Accelerator);
        _inversesScratch = new DeviceScratch(device.Accelerator);
        _denominatorsScratch = new DeviceScratch(device.Accelerator);
        _queryFlowsScratch = new DeviceScratch(device.Accelerator);
        _keyFlowsScratch = new DeviceScratch(device.Accelerator);
        _slotsScratch = new DeviceScratch(device.Accelerator);
        _sumsScratch = new DeviceScratch(device.Accelerator);
        _gradientsScratch = new DeviceScratch(device.Accelerator);
        _slopes = new SlopeGradients(device.Accelerator, traits);
    }

    public void Run(in GpuCall call, in GpuTensors<T> tensors, in GpuGradients<T> gradients, GpuBackwardOptions options)
    {
        Work work = Prepare(call, tensors, gradients);
        ArrayView<float> initial = options.InitialState?.Current ?? ArrayView<float>.Empty, final = options.FinalStateGradient?.Current ?? ArrayView<float>.Empty;
        ArrayView<float> initialGradient = options.InitialStateGradient?.Current ?? ArrayView<float>.Empty;
        if (options.SlopeGradients.Length > 0 && initial.Length > 0 && initialGradient.Length == 0)
            initialGradient = _gradientsScratch.Take(call.Pairs * _traits.StateLength);
        if (_traits.Kernel.Causal)
            Causal(work, initial, final, initialGradient);
        else
            Free(work, initial, final, initialGradient);
        if (IsSummed(call))
        {
            _states.Sum(call.Stream, work.Dk, gradients.Dk, Shape(call, _traits.Kernel.HeadDim));
            _states.Sum(call.Stream, work.Dv, gradients.Dv, Shape(call, _traits.Kernel.ValueDim));
        }

        if (options.SlopeGradients.Length > 0)
            _slopes.Run(call, work.QueryFlow, work.KeyFlow, Parts("Queries"), Parts("Keys"), initial, initialGradient, options.SlopeGradients);
    }

    public void Dispose()
    {
        foreach (LoadedKernel<GpuBackwardLauncher<T>> phase in _phases.Values)
            phase.Dispose();
        _keysScratch.Dispose();
        _valuesScratch.Dispose();
        _inversesScratch.Dispose();
        _denominatorsScratch.Dispose();
        _queryFlowsScratch.Dispose();
        _keyFlowsScratch.Dispose();
        _slotsScratch.Dispose();
        _sumsScratch.Dispose();
        _gradientsScratch.Dispose();
        _slopes.Dispose();
    }

    private void Causal(in Work work, ArrayView<float> initial, ArrayView<float> final, ArrayView<float> initialGradient)
    {
        GpuCall call = work.Call;
        GpuCutting cutting = GpuCutting.Of(call.LongestQueries, call.Pairs * _traits.Backward.Min(p => p.Slices));
        ArrayView<float> states = initial, gradients = final;
        GpuCut cut = cutting.Shared(call.IsPacked);
        if (cutting.Count > 1)
        {
            states = _forward.Contribute(call, work.Tensors, cutting, initial, ArrayView<float>.Empty);
            cut = cutting.Own(call.IsPacked);
        }

        Launch(work, "Rows", cutting, cut, states, ArrayView<float>.Empty, call.QueryStarts);
        Launch(work, "Queries", cutting, cut, states, ArrayView<float>.Empty, call.QueryStarts);
        if (cutting.Count > 1)
        {
            gradients = _slotsScratch.Take(call.Pairs * cutting.Count * _traits.StateLength);
            Launch(work, "StateGradient", cutting, cut, ArrayView<float>.Empty, gradients, call.QueryStarts);
            _states.Fold(call, cutting, call.QueryStarts, gradients, final, initialGradient, reverse: true);
        }
        else if (initialGradient.Length > 0)
        {
            Launch(work, "StateGradient", cutting, cut, final, initialGradient, call.QueryStarts);
        }

        Launch(work, "Keys", cutting, cut, gradients, ArrayView<float>.Empty, call.KeyStarts);
        Launch(work, "Values", cutting, cut, gradients, ArrayView<float>.Empty, call.KeyStarts);
    }

    /// <summary>Every query has read the sum of all keys, and every key is read by all queries.</summary>
    private void Free(in Work work, ArrayView<float> initial, ArrayView<float> final, ArrayView<float> initialGradient)
    {
        GpuCall call = work.Call;
        ArrayView<float> total = _forward.Sum(call, work.Tensors, initial, ArrayView<float>.Empty, _sumsScratch);
        int slices = _traits.Backward.Min(p => p.Slices);
        GpuCutting queries = GpuCutting.Of(call.LongestQueries, call.Pairs * slices), keys = GpuCutting.Of(call.LongestKeys, call.Pairs * slices);
        Launch(work, "Rows", queries, queries.Shared(call.IsPacked), total, ArrayView<float>.Empty, call.QueryStarts);
        Launch(work, "Queries", queries, queries.Shared(call.IsPacked), total, ArrayView<float>.Empty, call.QueryStarts);
        ArrayView<float> gradient = initialGradient.Length > 0 ? initialGradient : _gradientsScratch.Take(call.Pairs * _traits.StateLength);
        if (queries.Count == 1)
        {
            Launch(work, "StateGradient", queries, queries.Shared(call.IsPacked), final, gradient, call.QueryStarts);
        }
        else
        {
            ArrayView<float> slots = _slotsScratch.Take(call.Pairs * queries.Count * _traits.StateLength);
            Launch(work, "StateGradient", queries, queries.Own(call.IsPacked), ArrayView<float>.Empty, slots, call.QueryStarts);
            _states.Fold(call, queries, call.QueryStarts, slots, final, gradient, reverse: true);
        }

        Launch(work, "Keys", keys, keys.Shared(call.IsPacked), gradient, ArrayView<float>.Empty, call.KeyStarts);
        Launch(work, "Values", keys, keys.Shared(call.IsPacked), gradient, ArrayView<float>.Empty, call.KeyStarts);
    }

    private Work Prepare(in GpuCall call, in GpuTensors<T> tensors, in GpuGradients<T> gradients)
    {
        Geometry geometry = call.Geometry;
        long queries = (long)geometry.Batch * geometry.Length * geometry.Heads, keys = (long)geometry.Batch * geometry.KeyLength * geometry.Heads;
        bool isNormalized = _traits.NormalizerOffset >= 0, isFlowing = _traits.Kernel.Decay == Decay.PerHead;
        return new Work(
            call, tensors, gradients,
            IsSummed(call) ? _keysScratch.Take(keys * _traits.Kernel.HeadDim) : gradients.Dk.Cast<float>(), IsSummed(call) ? _valuesScratch.Take(keys * _traits.Kernel.ValueDim) : gradients.Dv.Cast<float>(),
            _inversesScratch.Take(isNormalized ? queries : 0), _denominatorsScratch.Take(isNormalized ? queries * Parts("Rows") : 0),
            _queryFlowsScratch.Take(isFlowing ? queries * Parts("Queries") : 0), _keyFlowsScratch.Take(isFlowing ? keys * Parts("Keys") : 0));
    }

    private int Parts(string phase) => _phases.TryGetValue(phase, out LoadedKernel<GpuBackwardLauncher<T>>? kernel) ? kernel.Phase.Slices : 0;

    /// <summary>Whether gradients of keys and values have to be added or rounded once kernels have left them.</summary>
    private bool IsSummed(in GpuCall call) => call.Geometry.Group > 1 || _traits.Format != GpuFormat.Single;

    private static GroupShape Shape(in GpuCall call, int width) =>
        new(call.Layout == TensorLayout.HeadFirst ? call.Geometry.KeyLength * width : width, call.Geometry.KeyValueHeads, call.Geometry.Group);

    private void Launch(in Work work, string phase, GpuCutting cutting, GpuCut cut, ArrayView<float> before, ArrayView<float> after, ArrayView<int> starts)
    {
        if (!_phases.TryGetValue(phase, out LoadedKernel<GpuBackwardLauncher<T>>? kernel))
            return;
        GpuCall call = work.Call;
        Geometry geometry = call.Geometry;

        // Every query head has rows of its own in the gradients of keys and values.
        GpuRows dk = call.Rows(RowStrides.Of(call.Layout, geometry.KeyLength, geometry.Heads, _traits.Kernel.HeadDim), 1);
        GpuRows dv = call.Rows(RowStrides.Of(call.Layout, geometry.KeyLength, geometry.Heads, _traits.Kernel.ValueDim), 1);
        KernelConfig config = new(cutting.Grid(geometry.Heads, kernel.Phase.Slices, call.Sequences), new Index3D(kernel.Phase.Threads, 1, 1));
        kernel.Launch(
            call.Stream, config, work.Gradients.DO, call.OutputRows, work.Tensors.K, call.KeyRows, work.Tensors.Q, call.QueryRows, work.Tensors.V, call.ValueRows,
            work.Dk, dk, work.Gradients.Dq, call.QueryRows, work.Dv, dv, call.Mask, call.MaskRows,
            work.Dn, call.TokenRows(geometry.Length, Parts("Rows")), work.Inverse, call.TokenRows(geometry.Length, 1),
            work.KeyFlow, call.TokenRows(geometry.KeyLength, Parts("Keys")), work.QueryFlow, call.TokenRows(geometry.Length, Parts("Queries")),
            call.Slopes, before, after, starts, cut);
    }

    private readonly record struct Work(
        GpuCall Call, GpuTensors<T> Tensors, GpuGradients<T> Gradients, ArrayView<float> Dk, ArrayView<float> Dv, ArrayView<float> Inverse, ArrayView<float> Dn, ArrayView<float> QueryFlow, ArrayView<float> KeyFlow);
}

/// <summary>The gradients of a backward call.</summary>
internal readonly record struct GpuGradients<T>(ArrayView<T> DO, ArrayView<T> Dq, ArrayView<T> Dk, ArrayView<T> Dv)
    where T : unmanaged;
