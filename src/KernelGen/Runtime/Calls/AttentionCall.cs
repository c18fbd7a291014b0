using System.Numerics;

namespace KernelGen.Runtime;

/// <summary>One call whose every argument has been checked: what the loops over sequences and heads read.</summary>
internal readonly ref struct AttentionCall<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public readonly Tensors Tensors;
    public readonly AttentionOptions<T> Options;
    public readonly Geometry Geometry;

    private AttentionCall(scoped in Tensors tensors, scoped in AttentionOptions<T> options, scoped in Geometry geometry, int sequences)
    {
        Tensors = tensors;
        Options = options;
        Geometry = geometry;
        Sequences = sequences;
    }

    /// <summary>Sequences N.</summary>
    public int Sequences { get; }

    /// <summary>Checks a call that brings its states, if any, as plain tensors.</summary>
    public static AttentionCall<T> Plain(scoped in Tensors tensors, scoped in AttentionShape shape, scoped in AttentionOptions<T> options, KernelTraits traits)
    {
        Geometry geometry = ShapeValidation.Resolve(shape, traits);
        ShapeValidation.CheckTensors(tensors, geometry, traits, shape.Layout);
        int sequences = OptionsValidation.CheckSequences(options, geometry, traits);
        OptionsValidation.CheckMask(options, geometry, traits);
        OptionsValidation.CheckCap(options.Cap);
        OptionsValidation.CheckDegree(options.MaxDegreeOfParallelism);
        OptionsValidation.CheckSlopes(options.Slopes, geometry.Heads, traits);
        OptionsValidation.CheckLogGates(options.LogGates, geometry, shape.Layout, traits);
        OptionsValidation.CheckProjections(options, geometry.Heads, traits);
        OptionsValidation.CheckPlainStates(options, sequences, geometry.Heads, traits);
        Separation.Check(tensors, options);
        return new AttentionCall<T>(tensors, options, geometry, sequences);
    }

    /// <summary>Checks a call that continues the sequences of a state object.</summary>
    public static AttentionCall<T> Stateful(scoped in Tensors tensors, scoped in AttentionShape shape, AttentionState<T> state, scoped in AttentionOptions<T> options, KernelTraits traits)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.CheckVariant(traits);
        Geometry geometry = ShapeValidation.Resolve(shape, traits);
        ShapeValidation.CheckTensors(tensors, geometry, traits, shape.Layout);
        int sequences = OptionsValidation.CheckSequences(options, geometry, traits);
        if (sequences != state.Sequences)
            ArgumentFault.Expected("state", $"{ArgumentFault.Text(sequences)} sequences, as the call has", ArgumentFault.Text(state.Sequences));
        if (geometry.Heads != state.Heads)
            ArgumentFault.Expected("state", $"{ArgumentFault.Text(geometry.Heads)} heads, as the call has", ArgumentFault.Text(state.Heads));
        OptionsValidation.CheckMask(options, geometry, traits);
        OptionsValidation.CheckCap(options.Cap);
        OptionsValidation.CheckDegree(options.MaxDegreeOfParallelism);
        OptionsValidation.CheckSlopes(options.Slopes, geometry.Heads, traits);
        OptionsValidation.CheckLogGates(options.LogGates, geometry, shape.Layout, traits);
        OptionsValidation.CheckProjections(options, geometry.Heads, traits);
        OptionsValidation.RefusePlainStates(options);
        Separation.Check(tensors, options);
        return new AttentionCall<T>(tensors, options, geometry, sequences);
    }

    public SequenceRange Range(int sequence) => SequenceRange.Of(Geometry, Options.CuSeqlens, Options.KeyCuSeqlens, sequence);
}
