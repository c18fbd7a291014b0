using System.Numerics;

namespace KernelGen.Runtime;

/// <summary>Checks the options of a backward call against its shape and declaration.</summary>
internal static class BackwardValidation
{
    /// <returns>The number N of sequences.</returns>
    public static int CheckOptions<T>(in BackwardOptions<T> options, in Geometry geometry, TensorLayout layout, KernelTraits traits)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        AttentionOptions<T> forward = options.Forward;
        int sequences = OptionsValidation.CheckSequences(forward, geometry, traits);
        OptionsValidation.CheckMask(forward, geometry, traits);
        OptionsValidation.CheckCap(options.Cap);
        OptionsValidation.CheckDegree(options.MaxDegreeOfParallelism);
        OptionsValidation.CheckSlopes(options.Slopes, geometry.Heads, traits);
        OptionsValidation.CheckLogGates(options.LogGates, geometry, layout, traits);
        OptionsValidation.CheckProjections(forward, geometry.Heads, traits);
        OptionsValidation.CheckPlainState("options.InitialState", options.InitialState, "options.InitialNormalizer", options.InitialNormalizer, sequences, geometry.Heads, traits);
        OptionsValidation.CheckPlainState("options.FinalStateGradient", options.FinalStateGradient, "options.FinalNormalizerGradient", options.FinalNormalizerGradient, sequences, geometry.Heads, traits);
        OptionsValidation.CheckPlainState("options.InitialStateGradient", options.InitialStateGradient, "options.InitialNormalizerGradient", options.InitialNormalizerGradient, sequences, geometry.Heads, traits);
        if (options.InitialState.IsEmpty && !options.InitialStateGradient.IsEmpty)
            ArgumentFault.Refused("options.InitialStateGradient", "the call has no initial state (options.InitialState)");
        CheckSlopeGradients(options.SlopeGradients, geometry.Heads, traits);
        if (!options.LogGateGradients.IsEmpty)
            OptionsValidation.CheckGateLength<T>("options.LogGateGradients", options.LogGateGradients, geometry, layout, traits);
        ProjectionSums.Check(options, traits);
        return sequences;
    }

    private static void CheckSlopeGradients<T>(ReadOnlySpan<T> gradients, int heads, KernelTraits traits)
    {
        if (gradients.IsEmpty)
            return;
        if (traits.Decay != Decay.PerHead)
            ArgumentFault.Refused("options.SlopeGradients", $"{traits.Name} declares Decay.{traits.Decay}");
        if (gradients.Length != heads)
            ArgumentFault.Length("options.SlopeGradients", gradients.Length, "[H]", heads);
    }
}
