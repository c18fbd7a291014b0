using ILGPU;
using ILGPU.Runtime;

namespace KernelGen.Gpu;

/// <summary>The kernels that are no declaration's: copies, folds and sums over states and tokens.</summary>
internal sealed class StateKernels
{
    private readonly GpuTraits _traits;
    private readonly Action<AcceleratorStream, Index1D, ArrayView<float>, long, ArrayView<float>, long, int> _copy;
    private readonly Action<AcceleratorStream, Index1D, FoldShape, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<int>> _fold;
    private readonly Lazy<Action<AcceleratorStream, Index1D, ArrayView<float>, ArrayView<float>, GroupShape>> _group;
    private readonly Lazy<Action<AcceleratorStream, Index1D, ArrayView<float>, ArrayView<ushort>, GroupShape>> _narrowGroup;

    public StateKernels(Accelerator accelerator, GpuTraits traits)
    {
        _traits = traits;
        _copy = accelerator.LoadAutoGroupedKernel<Index1D, ArrayView<float>, long, ArrayView<float>, long, int>(CopyRun);
        _fold = accelerator.LoadAutoGroupedKernel<Index1D, FoldShape, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<int>>(StateFolding.Run);
        _group = new(() => accelerator.LoadAutoGroupedKernel<Index1D, ArrayView<float>, ArrayView<float>, GroupShape>(GroupSums.Single));
        _narrowGroup = new(() => accelerator.LoadAutoGroupedKernel<Index1D, ArrayView<float>, ArrayView<ushort>, GroupShape>(
            traits.Format == GpuFormat.Float16 ? GroupSums.Float16 : GroupSums.BFloat16));
    }

    /// <summary>Copies a run of elements of every state, to or from where runs lie behind one another.</summary>
    public void Copy(AcceleratorStream stream, ArrayView<float> from, long fromStride, ArrayView<float> to, long toStride, int count)
    {
        long runs = fromStride == count ? from.Length / count : to.Length / count;
        _copy(stream, new Index1D(checked((int)(runs * count))), from, fromStride, to, toStride, count);
    }

    /// <summary>Folds the slots of all runs; see <see cref="StateFolding"/>.</summary>
    /// <param name="call">The call's numbers on the device.</param>
    /// <param name="cutting">How sequences are cut.</param>
    /// <param name="starts">Where they begin.</param>
    /// <param name="slots">[N, H, runs, state].</param>
    /// <param name="before">[N, H, state], or empty: zero.</param>
    /// <param name="after">Likewise, or empty: not wanted.</param>
    /// <param name="reverse">From right to left.</param>
    public void Fold(in GpuCall call, GpuCutting cutting, ArrayView<int> starts, ArrayView<float> slots, ArrayView<float> before, ArrayView<float> after, bool reverse)
    {
        Part(call, _traits.SumOffset, _traits.SumCompensationOffset, _traits.Kernel.FeatureDim * _traits.Kernel.ValueDim);
        if (_traits.NormalizerOffset >= 0)
            Part(call, _traits.NormalizerOffset, _traits.NormalizerCompensationOffset, _traits.Kernel.FeatureDim);

        void Part(in GpuCall call, int offset, int compensation, int count)
        {
            FoldShape shape = new()
            {
                Runs = cutting.Count,
                Tokens = cutting.Tokens,
                Heads = call.Geometry.Heads,
                Packed = call.IsPacked ? 1 : 0,
                StateLength = _traits.StateLength,
                Offset = offset,
                CompensationOffset = compensation,
                Count = count,
                Reverse = reverse ? 1 : 0,
            };
            _fold(call.Stream, new Index1D(checked(call.Sequences * call.Geometry.Heads * count)), shape, slots, before, after, call.Slopes, starts);
        }
    }

    /// <summary>Adds the gradients of the query heads of each group, in order.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="parts">With a head for every query head.</param>
    /// <param name="sums">With a head for every group.</param>
    /// <param name="shape">Where rows lie.</param>
    public void Sum<T>(AcceleratorStream stream, ArrayView<float> parts, ArrayView<T> sums, GroupShape shape)
        where T : unmanaged
    {
        if (sums.Length == 0)
            return;
        Index1D index = new(checked((int)sums.Length));
        if (_traits.Format == GpuFormat.Single)
            _group.Value(stream, index, parts, sums.Cast<float>(), shape);
        else
            _narrowGroup.Value(stream, index, parts, sums.Cast<ushort>(), shape);
    }

    private static void CopyRun(Index1D index, ArrayView<float> from, long fromStride, ArrayView<float> to, long toStride, int count)
    {
        int run = index / count, element = index - (run * count);
        to[((long)run * toStride) + element] = from[((long)run * fromStride) + element];
    }
}
