using ILGPU;
using KernelGen.Runtime;

namespace KernelGen.Gpu;

/// <summary>Checks a call's arguments: nothing is launched before all have passed.</summary>
internal sealed class GpuChecks
{
    /// <summary>Forms of tensors that have a row for each query, and for each key.</summary>
    public const string Queries = "[B, T, H, .]", Keys = "[B, S, G, .]";

    private readonly StateKernels _owner;
    private readonly GpuTraits _traits;

    public GpuChecks(StateKernels owner, GpuTraits traits, in AttentionShape shape, ReadOnlySpan<int> cuSeqlens, ReadOnlySpan<int> keyCuSeqlens)
    {
        (_owner, _traits, Layout) = (owner, traits, shape.Layout);
        Geometry = ShapeValidation.Resolve(shape, traits.Kernel);
        AttentionOptions<float> options = new() { CuSeqlens = cuSeqlens, KeyCuSeqlens = keyCuSeqlens };
        Sequences = OptionsValidation.CheckSequences(options, Geometry, traits.Kernel);
        int slices = traits.Phases.Max(p => p.Slices);
        GpuValidation.CheckGrid("shape.Heads", (long)Geometry.Heads * slices, slices);
        GpuValidation.CheckGrid(cuSeqlens.IsEmpty ? "shape.Batch" : "options.CuSeqlens", Sequences, 1);
    }

    public Geometry Geometry { get; }

    public TensorLayout Layout { get; }

    /// <summary>Sequences N.</summary>
    public int Sequences { get; }

    /// <summary>Whether there is no token.</summary>
    public bool IsEmpty => QueryTokens == 0 && KeyTokens == 0;

    private long QueryTokens => (long)Geometry.Batch * Geometry.Length;

    private long KeyTokens => (long)Geometry.Batch * Geometry.KeyLength;

    public void Inputs<T>(ArrayView<T> q, ArrayView<T> k, ArrayView<T> v, ArrayView<byte> mask, ReadOnlySpan<float> slopes)
        where T : unmanaged
    {
        Input("q", q, Geometry.Query, _traits.Kernel.HeadDim, Queries);
        Input("k", k, Geometry.Key, _traits.Kernel.HeadDim, Keys);
        Input("v", v, Geometry.Value, _traits.Kernel.ValueDim, Keys);
        if (mask.Length > 0)
            GpuValidation.CheckLength("options.KeyMask", mask.Length, KeyTokens, _traits.Kernel.Causal ? "[B, T]" : "[B, S]");
        OptionsValidation.CheckSlopes(slopes, Geometry.Heads, _traits.Kernel);
    }

    /// <summary>A tensor of so many rows.</summary>
    public void Input<T>(string name, ArrayView<T> view, RowStrides strides, int width, string form)
        where T : unmanaged
    {
        GpuValidation.CheckTensor(name, view, Geometry.Batch * (long)strides.Batch, width, form.Replace(".", GpuValidation.Text(width), StringComparison.Ordinal));
    }

    /// <summary>A tensor that is written, apart from others.</summary>
    public void Output<T>(string name, ArrayView<T> view, RowStrides strides, int width, string form, params ReadOnlySpan<(string Name, ArrayView<T> View)> others)
        where T : unmanaged
    {
        Input(name, view, strides, width, form);
        foreach ((string other, ArrayView<T> memory) in others)
            GpuValidation.CheckApart(name, view, other, memory);
    }

    public void State(string name, GpuState? state)
    {
        if (state is null)
            return;
        if (!state.BelongsTo(_owner))
            ArgumentFault.Refused(name, "it was made by another GpuAttention");
        if (state.Sequences != Sequences || state.Heads != Geometry.Heads)
            ArgumentFault.Expected(name, FormattableString.Invariant($"{Sequences} sequences and {Geometry.Heads} heads"), FormattableString.Invariant($"{state.Sequences} and {state.Heads}"));
    }

    public void States(GpuBackwardOptions options)
    {
        State("options.InitialState", options.InitialState);
        State("options.FinalStateGradient", options.FinalStateGradient);
        State("options.InitialStateGradient", options.InitialStateGradient);
        if (options.InitialStateGradient is { } written)
        {
            if (options.InitialState is null)
                ArgumentFault.Refused("options.InitialStateGradient", "the call has no initial state (options.InitialState)");
            if (ReferenceEquals(written, options.InitialState) || ReferenceEquals(written, options.FinalStateGradient))
                ArgumentFault.Expected("options.InitialStateGradient", "a state of its own", "one that the call reads");
        }

        if (options.SlopeGradients.Length == 0)
            return;
        if (_traits.Kernel.Decay != Decay.PerHead)
            ArgumentFault.Refused("options.SlopeGradients", $"{_traits.Kernel.Name} declares Decay.{_traits.Kernel.Decay}");
        GpuValidation.CheckLength("options.SlopeGradients", options.SlopeGradients.Length, Geometry.Heads, "[H]");
    }
}
