using ILGPU;
using ILGPU.Runtime;
using KernelGen.Runtime;

namespace KernelGen.Gpu;

/// <summary>
/// A declaration's kernels on a device, compiled when they are first needed: the forward pass's when this is made. Calls launch and return: synchronise the stream before
/// results are read on the host. An object serves one stream at a time, since it keeps scratch memory of its own.
/// </summary>
/// <typeparam name="T">Elements of tensors, as declared: float, Half or BFloat16.</typeparam>
public sealed class GpuAttention<T> : IDisposable
    where T : unmanaged
{
    private readonly GpuTraits _traits;
    private readonly StateKernels _states;
    private readonly GpuPasses<T> _passes;
    private readonly DeviceList<int> _queryStarts;
    private readonly DeviceList<int> _keyStarts;
    private readonly DeviceList<float> _slopes;

    /// <summary>For emitted code: <c>OnGpu</c> of the declared class makes one.</summary>
    /// <exception cref="InvalidOperationException">The device cannot run a kernel; the message names both.</exception>
    [System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
    public GpuAttention(GpuDevice device, GpuTraits traits)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(traits);
        (Device, _traits) = (device, traits);
        Accelerator accelerator = device.Accelerator;
        _states = new StateKernels(accelerator, traits);
        _passes = traits.Format == GpuFormat.Single ? new GpuPasses<T, float>(device, traits, _states) : new GpuPasses<T, ushort>(device, traits, _states);
        (_queryStarts, _keyStarts, _slopes) = (new(accelerator), new(accelerator), new(accelerator));
    }

    /// <summary>The device.</summary>
    public GpuDevice Device { get; }

    /// <summary>What the declaration became on the device.</summary>
    public GpuInfo Info => new(Device.Name, _traits.StateLength * sizeof(float), [.. _traits.Phases.Select(p => new GpuKernelInfo(p.Name, p.ChunkSize, p.Slices, p.Threads, p.SharedBytes))]);

    /// <summary>A state for calls and steps, or the gradient of one.</summary>
    /// <param name="sequences">Sequences N, at least 1.</param>
    /// <param name="heads">Query heads H, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    public GpuState CreateState(int sequences, int heads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sequences, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(heads, 1);
        return new GpuState(Device.Accelerator, _states, _traits, sequences, heads);
    }

    /// <summary>Outputs of whole sequences, or of what comes next in those whose state <see cref="GpuForwardOptions.State"/> is; with one token a sequence, a decode step.</summary>
    /// <param name="q">[B, T, H, D], or [B, H, T, D] with heads first; device memory, as all views.</param>
    /// <param name="k">[B, S, G, D].</param>
    /// <param name="v">[B, S, G, E].</param>
    /// <param name="o">[B, T, H, E], written; apart from the inputs.</param>
    /// <param name="shape">B, T, H, and where they differ G and S.</param>
    /// <param name="options">What is optional.</param>
    /// <exception cref="ArgumentException">A view or an option does not fit the shape or the declaration; nothing was launched.</exception>
    public void Forward(ArrayView<T> q, ArrayView<T> k, ArrayView<T> v, ArrayView<T> o, in AttentionShape shape, GpuForwardOptions? options = null)
    {
        options ??= new GpuForwardOptions();
        GpuChecks checks = new(_states, _traits, shape, options.CuSeqlens.Span, options.KeyCuSeqlens.Span);
        checks.Inputs(q, k, v, options.KeyMask, options.Slopes.Span);
        checks.Output("o", o, checks.Geometry.Output, _traits.Kernel.ValueDim, GpuChecks.Queries, ("q", q), ("k", k), ("v", v));
        checks.State("options.State", options.State);
        if (checks.Sequences == 0 || checks.IsEmpty)
            return;
        ArrayView<float> before = options.State?.Current ?? ArrayView<float>.Empty, after = options.State?.Next ?? ArrayView<float>.Empty;
        _passes.Forward(Call(checks, options.Stream, options.CuSeqlens, options.KeyCuSeqlens, options.Slopes, options.KeyMask), new GpuTensors<T>(q, k, v, o), before, after);
        options.State?.Advance();
    }

    /// <summary>Gradients of a loss to q, k and v, given those to the outputs.</summary>
    /// <param name="q">[B, T, H, D], or [B, H, T, D] with heads first; device memory, as all views.</param>
    /// <param name="k">[B, S, G, D].</param>
    /// <param name="v">[B, S, G, E].</param>
    /// <param name="dO">[B, T, H, E].</param>
    /// <param name="dq">[B, T, H, D], written; outputs are apart from the inputs and from one another.</param>
    /// <param name="dk">[B, S, G, D], written: summed over the query heads of a group.</param>
    /// <param name="dv">[B, S, G, E], written: likewise.</param>
    /// <param name="shape">B, T, H, and where they differ G and S.</param>
    /// <param name="options">What is optional.</param>
    /// <exception cref="ArgumentException">A view or an option does not fit the shape or the declaration; nothing was launched.</exception>
    /// <exception cref="InvalidOperationException">The device cannot run a kernel; the message names both.</exception>
    public void Backward(
        ArrayView<T> q, ArrayView<T> k, ArrayView<T> v, ArrayView<T> dO, ArrayView<T> dq, ArrayView<T> dk, ArrayView<T> dv, in AttentionShape shape,
        GpuBackwardOptions? options = null)
    {
        options ??= new GpuBackwardOptions();
        GpuChecks checks = new(_states, _traits, shape, options.CuSeqlens.Span, options.KeyCuSeqlens.Span);
        checks.Inputs(q, k, v, options.KeyMask, options.Slopes.Span);
        checks.Input("dO", dO, checks.Geometry.Output, _traits.Kernel.ValueDim, GpuChecks.Queries);
        checks.Output("dq", dq, checks.Geometry.Query, _traits.Kernel.HeadDim, GpuChecks.Queries, ("q", q), ("k", k), ("v", v), ("dO", dO));
        checks.Output("dk", dk, checks.Geometry.Key, _traits.Kernel.HeadDim, GpuChecks.Keys, ("q", q), ("k", k), ("v", v), ("dO", dO), ("dq", dq));
        checks.Output("dv", dv, checks.Geometry.Value, _traits.Kernel.ValueDim, GpuChecks.Keys, ("q", q), ("k", k), ("v", v), ("dO", dO), ("dq", dq), ("dk", dk));
        checks.States(options);
        if (checks.Sequences == 0 || (checks.IsEmpty && options.InitialStateGradient is null && options.SlopeGradients.Length == 0))
            return;
        _passes.Backward(
            Call(checks, options.Stream, options.CuSeqlens, options.KeyCuSeqlens, options.Slopes, options.KeyMask),
            new GpuTensors<T>(q, k, v, ArrayView<T>.Empty), new GpuGradients<T>(dO, dq, dk, dv), options);
    }

    /// <summary>Frees the kernels and the scratch memory.</summary>
    public void Dispose()
    {
        _passes.Dispose();
        _queryStarts.Dispose();
        _keyStarts.Dispose();
        _slopes.Dispose();
    }

    private GpuCall Call(GpuChecks checks, AcceleratorStream? given, ReadOnlyMemory<int> queries, ReadOnlyMemory<int> keys, ReadOnlyMemory<float> slopes, ArrayView<byte> mask)
    {
        AcceleratorStream stream = given ?? Device.Accelerator.DefaultStream;
        Geometry geometry = checks.Geometry;
        bool isPacked = !queries.IsEmpty;
        ReadOnlySpan<int> queryCuts = isPacked ? queries.Span : [0, geometry.Length], keyCuts = !keys.IsEmpty ? keys.Span : isPacked ? queries.Span : [0, geometry.KeyLength];
        return new GpuCall(
            geometry, checks.Layout, checks.Sequences, isPacked, Longest(queryCuts), Longest(keyCuts), stream,
            _slopes.Fill(stream, SlopesOf(slopes, geometry.Heads)), _queryStarts.Fill(stream, queryCuts), _keyStarts.Fill(stream, keyCuts), mask);
    }

    private static int Longest(ReadOnlySpan<int> cuts)
    {
        int longest = 0;
        for (int i = 1; i < cuts.Length; i++)
            longest = Math.Max(longest, cuts[i] - cuts[i - 1]);
        return longest;
    }

    private float[] SlopesOf(ReadOnlyMemory<float> given, int heads)
    {
        if (_traits.Kernel.Decay == Decay.PerHead)
            return given.ToArray();
        float[] slopes = new float[heads];
        if (_traits.Kernel.Decay == Decay.LightningSlopes)
            LightningSlopes.Fill(slopes);
        return slopes;
    }
}
