using ILGPU;
using ILGPU.Runtime;

namespace KernelGen.Gpu;

/// <summary>Launches the kernels of <see cref="SlopeSums"/>.</summary>
internal sealed class SlopeGradients(Accelerator accelerator, GpuTraits traits) : IDisposable
{
    private readonly Action<AcceleratorStream, Index1D, SlopeShape, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<int>, ArrayView<double>> _lanes =
        accelerator.LoadAutoGroupedKernel<Index1D, SlopeShape, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<int>, ArrayView<double>>(SlopeSums.Lane);

    private readonly Action<AcceleratorStream, Index1D, SlopeShape, ArrayView<double>, ArrayView<float>> _heads =
        accelerator.LoadAutoGroupedKernel<Index1D, SlopeShape, ArrayView<double>, ArrayView<float>>(SlopeSums.Head);

    private MemoryBuffer1D<double, Stride1D.Dense>? _sums;

    /// <param name="call">The call.</param>
    /// <param name="queryFlow">By token, in <paramref name="queryParts"/> parts.</param>
    /// <param name="keyFlow">By token, in <paramref name="keyParts"/> parts.</param>
    /// <param name="queryParts">Slices of the phase that left them.</param>
    /// <param name="keyParts">Likewise.</param>
    /// <param name="state">The initial state, or empty.</param>
    /// <param name="gradient">Its gradient, where there is a state.</param>
    /// <param name="results">[H].</param>
    public void Run(
        in GpuCall call, ArrayView<float> queryFlow, ArrayView<float> keyFlow, int queryParts, int keyParts, ArrayView<float> state, ArrayView<float> gradient, ArrayView<float> results)
    {
        SlopeShape shape = new()
        {
            Heads = call.Geometry.Heads,
            Sequences = call.Sequences,
            Packed = call.IsPacked ? 1 : 0,
            Tokens = call.Geometry.Length,
            QueryParts = queryParts,
            KeyParts = keyParts,
            StateLength = traits.StateLength,
            SumOffset = traits.SumOffset,
            SumLength = traits.Kernel.FeatureDim * traits.Kernel.ValueDim,
            NormalizerOffset = Math.Max(0, traits.NormalizerOffset),
            NormalizerLength = traits.NormalizerOffset < 0 ? 0 : traits.Kernel.FeatureDim,
        };
        int lanes = checked((int)call.Pairs * SlopeSums.Lanes);
        if (_sums is null || _sums.Length < lanes)
        {
            accelerator.Synchronize();
            _sums?.Dispose();
            _sums = accelerator.Allocate1D<double>(lanes);
        }

        _lanes(call.Stream, new Index1D(lanes), shape, queryFlow, keyFlow, state, gradient, call.QueryStarts, _sums.View);
        _heads(call.Stream, new Index1D(call.Geometry.Heads), shape, _sums.View, results);
    }

    public void Dispose() => _sums?.Dispose();
}
