using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KernelGen.Runtime;

namespace KernelGen;

/// <summary>
/// The weights of a dense layer, packed for its kernels: made by the layer's <c>Pack</c>, kept for as many calls as the weights stay the same, and brought up to date by
/// <see cref="Repack"/> after they have changed. A copy: the tensors it was made from are not looked at again. Calls only read it, so any number of threads may use one; repack while no call does.
/// </summary>
/// <typeparam name="T">Element type of the layer.</typeparam>
public sealed class DenseWeights<T>
    where T : unmanaged
{
    private readonly DenseTraits _traits;
    private readonly AlignedBuffer<T> _forward;
    private readonly AlignedBuffer<T> _backward;
    private readonly AlignedBuffer<T> _bias;

    internal DenseWeights(DenseTraits traits, bool forTraining)
    {
        _traits = traits;
        ForTraining = forTraining;
        int parts = traits.IsGated ? 2 : 1, padded = traits.Padded(traits.Outputs);
        _forward = Create((long)parts * padded * traits.Inputs);
        _backward = forTraining ? Create((long)traits.Padded(traits.Inputs) * traits.WeightRows) : default;
        _bias = Create(traits.HasBias ? parts * padded : 0);
    }

    /// <summary>Full name of the layer's class.</summary>
    public string Layer => _traits.Name;

    /// <summary>Whether the layer's <c>Backward</c> can use it: then it holds the weights in a second order too.</summary>
    public bool ForTraining { get; }

    /// <summary>Bytes it holds.</summary>
    public long Bytes => ((long)_forward.Length + _backward.Length + _bias.Length) * Unsafe.SizeOf<T>();

    internal DenseTraits Traits => _traits;

    /// <summary>Panels of W^T, of each half one behind the other.</summary>
    internal ref T Forward(int part) => ref Unsafe.Add(ref _forward.First, (nint)part * _traits.Padded(_traits.Outputs) * _traits.Inputs);

    /// <summary>Panels of W.</summary>
    internal ref T Backward => ref _backward.First;

    internal ref T Bias(int part) => ref Unsafe.Add(ref _bias.First, _traits.HasBias ? part * _traits.Padded(_traits.Outputs) : 0);

    /// <summary>Packs changed weights in the place of the old ones.</summary>
    /// <param name="weights">W, [outputs, inputs], or [2 outputs, inputs] where gated.</param>
    /// <param name="bias">b, [outputs], or [2 outputs] where gated; empty where the layer has none.</param>
    /// <exception cref="ArgumentException">A length is wrong. Nothing has been written.</exception>
    public void Repack(ReadOnlySpan<T> weights, ReadOnlySpan<T> bias = default)
    {
        DenseTraits traits = _traits;
        DenseChecks.Weights(traits, weights.Length, "weights", bias.Length, "bias");
        int outputs = traits.Outputs, panels = traits.Padded(outputs) / traits.PanelWidth;
        for (int part = 0; part < (traits.IsGated ? 2 : 1); part++)
        {
            PanelPacking.Transposed(weights.Slice(part * outputs * traits.Inputs, outputs * traits.Inputs), outputs, traits.Inputs, traits.PanelWidth, 0, panels, ref Forward(part));
            if (traits.HasBias)
            {
                Span<T> padded = MemoryMarshal.CreateSpan(ref Bias(part), panels * traits.PanelWidth);
                padded[outputs..].Clear();
                bias.Slice(part * outputs, outputs).CopyTo(padded);
            }
        }

        if (ForTraining)
            PanelPacking.Plain(in weights[0], traits.Inputs, traits.WeightRows, traits.Inputs, traits.PanelWidth, 0, traits.Padded(traits.Inputs) / traits.PanelWidth, ref Backward);
    }

    private static AlignedBuffer<T> Create(long length) => length <= AlignedBuffer<T>.MaxLength
        ? AlignedBuffer<T>.Create((int)length, clear: true)
        : throw new InvalidOperationException($"packed weights of {length} elements are more than the {AlignedBuffer<T>.MaxLength} that one array can hold");
}
