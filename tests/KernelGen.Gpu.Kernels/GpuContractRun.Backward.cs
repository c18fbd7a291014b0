using ILGPU;
using ILGPU.Runtime;

namespace KernelGen.Gpu.Kernels;

/// <summary>The scenarios of the backward pass.</summary>
internal sealed partial class GpuContractRun<T>
{
    private double Backward(GpuCase c, bool withStates) => Gradients(c, Shape(c), null, null, withStates, (x, _, _, _) => x, (x, _, _, _) => x);

    private double BackwardHeadsFirst()
    {
        GpuCase c = Case(2, 37, 4, 2, masked: true);
        return Gradients(
            c, Shape(c) with { Layout = TensorLayout.HeadFirst }, null, null, withStates: false,
            (x, tokens, heads, width) => Turn(x, c.Batch, tokens, heads, width), (x, tokens, heads, width) => Turn(x, c.Batch, heads, tokens, width));
    }

    private double BackwardPacked()
    {
        GpuCase c = Case(1, 90, 2, 1, masked: true);
        int[] starts = [0, 35, 35, 90], keyStarts = variant.Causal ? starts : [0, 50, 50, 103];
        return Gradients(c, Shape(c), starts, keyStarts, withStates: true, (x, _, _, _) => x, (x, _, _, _) => x);
    }

    /// <param name="c">The case.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="starts">Of packed sequences.</param>
    /// <param name="keyStarts">Of packed keys.</param>
    /// <param name="withStates">Whether there is a state before the first token, and a gradient of the one after the last.</param>
    /// <param name="lay">[B, T, H, width] as the call wants it, given T, H and width.</param>
    /// <param name="back">And back.</param>
    private double Gradients(
        GpuCase c, AttentionShape shape, int[]? starts, int[]? keyStarts, bool withStates, Func<float[], int, int, int, float[]> lay, Func<float[], int, int, int, float[]> back)
    {
        int d = variant.HeadDim, e = variant.ValueDim, sequences = starts is null ? c.Batch : starts.Length - 1;
        (float[] Sums, float[] Normalizers) before = c.DrawState(sequences, isGradient: false), after = c.DrawState(sequences, isGradient: true);
        GpuExpectedGradients want = c.ExpectGradients(starts, keyStarts, withStates ? before : null, withStates ? after : null);
        using var q = Upload(lay(c.Q, c.Length, c.Heads, d));
        using var k = Upload(lay(c.K, c.KeyLength, c.KeyHeads, d));
        using var v = Upload(lay(c.V, c.KeyLength, c.KeyHeads, e));
        using var dO = Upload(lay(c.DO, c.Length, c.Heads, e));
        using var mask = accelerator.Allocate1D(c.Mask.Length == 0 ? [1] : c.Mask);
        using var dq = Poisoned(c.Q.Length);
        using var dk = Poisoned(c.K.Length);
        using var dv = Poisoned(c.V.Length);
        using var slopes = accelerator.Allocate1D(GpuContract.Poisoned(c.Heads));
        using GpuState initial = State(before, sequences, c.Heads), final = State(after, sequences, c.Heads), gradient = _attention.CreateState(sequences, c.Heads);
        bool isPerHead = variant.Decay == Decay.PerHead;
        _attention.Backward(
            q.View.SubView(0, c.Q.Length), k.View.SubView(0, c.K.Length), v.View.SubView(0, c.V.Length), dO.View.SubView(0, c.DO.Length),
            dq.View.SubView(0, c.Q.Length), dk.View.SubView(0, c.K.Length), dv.View.SubView(0, c.V.Length), shape,
            new GpuBackwardOptions
            {
                CuSeqlens = starts,
                KeyCuSeqlens = variant.Causal ? default(ReadOnlyMemory<int>) : keyStarts,
                KeyMask = c.Mask.Contains((byte)0) ? mask.View : ArrayView<byte>.Empty,
                Slopes = SlopesOf(c),
                InitialState = withStates ? initial : null,
                FinalStateGradient = withStates ? final : null,
                InitialStateGradient = withStates ? gradient : null,
                SlopeGradients = isPerHead ? slopes.View.SubView(0, c.Heads) : ArrayView<float>.Empty,
            });
        accelerator.Synchronize();

        // A lone token's weights cancel: what is left of dq and dk is rounding, to be held against dv.
        double least = c.Length == 1 && !withStates ? want.Dv.Max(Math.Abs) : 1e-30;
        double error = new[]
        {
            Compare(dq, want.Dq, x => back(x, c.Length, c.Heads, d), least),
            Compare(dk, want.Dk, x => back(x, c.KeyLength, c.KeyHeads, d), least),
            Compare(dv, want.Dv, x => back(x, c.KeyLength, c.KeyHeads, e), least),
            isPerHead ? Plain(slopes, want.Slopes, least) : 0,
        }.Max();
        if (!withStates)
            return error;
        using var sums = accelerator.Allocate1D(GpuContract.Poisoned(want.Sums.Length));
        using var normalizers = accelerator.Allocate1D(GpuContract.Poisoned(want.Normalizers.Length));
        gradient.CopyTo(sums.View.SubView(0, want.Sums.Length), variant.Normalized ? normalizers.View.SubView(0, want.Normalizers.Length) : ArrayView<float>.Empty);
        accelerator.Synchronize();
        error = Math.Max(error, Plain(sums, want.Sums));
        return variant.Normalized ? Math.Max(error, Plain(normalizers, want.Normalizers)) : error;
    }

    /// <summary>Wrong arguments of a backward call are refused by name, and nothing is written: 0 where all were.</summary>
    private double BackwardRefused()
    {
        GpuCase c = Case(1, 8, 2, 2, masked: false);
        int keys = c.K.Length;
        using var q = Upload(c.Q);
        using var k = Upload(c.K);
        using var v = Upload(c.V);
        using var dO = Upload(c.DO);
        using var dq = Poisoned(c.Q.Length);
        using var dk = Poisoned(2 * keys);
        using var dv = Poisoned(c.V.Length);
        using var slopes = accelerator.Allocate1D<float>(c.Heads + 1);
        using GpuState state = _attention.CreateState(1, c.Heads), narrow = _attention.CreateState(1, c.Heads + 1);
        GpuBackwardOptions options = new() { Slopes = SlopesOf(c) };
        bool isRefused = Names("dO", () => Call(dO.View.SubView(0, 1), dk.View.SubView(0, keys), dv.View.SubView(0, c.V.Length), options))
            && Names("dk", () => Call(dO.View, dk.View.SubView(0, keys - 1), dv.View.SubView(0, c.V.Length), options))
            && Names("dk", () => Call(dO.View, k.View, dv.View.SubView(0, c.V.Length), options))
            && Names("options.FinalStateGradient", () => Call(dO.View, dk.View.SubView(0, keys), dv.View.SubView(0, c.V.Length), options with { FinalStateGradient = narrow }))
            && Names("options.InitialStateGradient", () => Call(dO.View, dk.View.SubView(0, keys), dv.View.SubView(0, c.V.Length), options with { InitialStateGradient = state }))
            && Names("options.InitialStateGradient", () => Call(dO.View, dk.View.SubView(0, keys), dv.View.SubView(0, c.V.Length), options with { InitialState = state, InitialStateGradient = state }))
            && Names("options.SlopeGradients", () => Call(dO.View, dk.View.SubView(0, keys), dv.View.SubView(0, c.V.Length), options with { SlopeGradients = slopes.View }));
        accelerator.Synchronize();
        return isRefused && Numbers(dq).Concat(Numbers(dk)).Concat(Numbers(dv)).All(float.IsNaN) ? 0 : double.PositiveInfinity;

        void Call(ArrayView<T> gradient, ArrayView<T> keyGradient, ArrayView<T> valueGradient, GpuBackwardOptions given) =>
            _attention.Backward(q.View, k.View, v.View, gradient, dq.View.SubView(0, c.Q.Length), keyGradient, valueGradient, Shape(c), given);
    }

    private GpuState State((float[] Sums, float[] Normalizers) state, int sequences, int heads)
    {
        GpuState result = _attention.CreateState(sequences, heads);
        using var sums = accelerator.Allocate1D(state.Sums);
        using var normalizers = accelerator.Allocate1D(state.Normalizers);
        result.CopyFrom(sums.View, variant.Normalized ? normalizers.View : ArrayView<float>.Empty);
        accelerator.Synchronize();
        return result;
    }

    private double Compare(MemoryBuffer1D<T, Stride1D.Dense> buffer, double[] want, Func<float[], float[]> order, double least)
    {
        float[] got = Numbers(buffer);
        return variant.Error([.. order(got[..want.Length]), .. got[want.Length..]], want, least, OnTensorCores ? GpuContract.TensorTolerance : 1e-6);
    }

    /// <summary>The error of single-precision results as a share of what it may be, times 1e-5.</summary>
    private double Plain(MemoryBuffer1D<float, Stride1D.Dense> buffer, double[] want, double least = 1e-30) =>
        GpuContract.Error(buffer.GetAsArray1D(), want, least) * (OnTensorCores ? GpuContract.Tolerance / GpuContract.TensorTolerance : 1);
}
