using System.Globalization;
using System.Numerics;

namespace KernelGen.Runtime;

/// <summary>Checks the options of a call against its shape and declaration.</summary>
internal static class OptionsValidation
{
    /// <returns>The number N of sequences.</returns>
    public static int CheckSequences<T>(in AttentionOptions<T> options, in Geometry geometry, KernelTraits traits)
        where T : unmanaged
    {
        if (options.CuSeqlens.IsEmpty)
        {
            if (!options.KeyCuSeqlens.IsEmpty)
                ArgumentFault.Refused("options.KeyCuSeqlens", "packed keys need packed queries (options.CuSeqlens)");
            return geometry.Batch;
        }

        if (geometry.Batch != 1)
            ArgumentFault.OutOfRange("shape.Batch", "1 (options.CuSeqlens packs all sequences into one)", geometry.Batch);
        CheckPacking("options.CuSeqlens", options.CuSeqlens, geometry.Length, "T");
        if (options.KeyCuSeqlens.IsEmpty)
        {
            if (geometry.KeyLength != geometry.Length)
                ArgumentFault.Expected("options.KeyCuSeqlens", $"{ArgumentFault.Text(options.CuSeqlens.Length)} entries (key and query tokens differ in number)", "none");
        }
        else
        {
            if (traits.Causal)
                ArgumentFault.Refused("options.KeyCuSeqlens", $"{traits.Name} is causal: keys are cut like queries");
            if (options.KeyCuSeqlens.Length != options.CuSeqlens.Length)
                ArgumentFault.Expected("options.KeyCuSeqlens", $"{ArgumentFault.Text(options.CuSeqlens.Length)} entries, as options.CuSeqlens", ArgumentFault.Text(options.KeyCuSeqlens.Length));
            CheckPacking("options.KeyCuSeqlens", options.KeyCuSeqlens, geometry.KeyLength, "S");
        }

        return options.CuSeqlens.Length - 1;
    }

    public static void CheckMask<T>(in AttentionOptions<T> options, in Geometry geometry, KernelTraits traits)
        where T : unmanaged
    {
        if (!options.KeyMask.IsEmpty && (long)geometry.Batch * geometry.KeyLength != options.KeyMask.Length)
            ArgumentFault.Length("options.KeyMask", options.KeyMask.Length, traits.Causal ? "[B, T]" : "[B, S]", geometry.Batch, geometry.KeyLength);
    }

    public static void CheckCap(InstructionSet? cap, string name = "options.Cap")
    {
        if (cap is < InstructionSet.Scalar or > InstructionSet.Avx512)
            ArgumentFault.OutOfRange(name, "Scalar (0) to Avx512 (3)", (int)cap);
    }

    public static void CheckDegree(int degree)
    {
        if (degree < 0)
            ArgumentFault.OutOfRange("options.MaxDegreeOfParallelism", "0 (all processors) or more", degree);
    }

    public static void CheckSlopes<T>(ReadOnlySpan<T> slopes, int heads, KernelTraits traits, string name = "options.Slopes")
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (traits.Decay != Decay.PerHead)
        {
            if (!slopes.IsEmpty)
                ArgumentFault.Refused(name, $"{traits.Name} declares Decay.{traits.Decay}");
            return;
        }

        if (slopes.Length != heads)
            ArgumentFault.Length(name, slopes.Length, "[H]", heads);
        for (int h = 0; h < slopes.Length; h++)
        {
            if (!(slopes[h] >= T.Zero && T.IsFinite(slopes[h])))
                ArgumentFault.Expected(name, "finite numbers that are not negative", $"{slopes[h].ToString("R", CultureInfo.InvariantCulture)} at [{ArgumentFault.Text(h)}]");
        }
    }

    /// <summary>Gates [B, T, H], where and only where the declaration has them.</summary>
    public static void CheckLogGates<T>(ReadOnlySpan<T> gates, in Geometry geometry, TensorLayout layout, KernelTraits traits)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const string name = "options.LogGates";
        CheckGateLength(name, gates, geometry, layout, traits);
        for (int i = 0; i < gates.Length; i++)
        {
            if (!(gates[i] <= T.Zero))
                ArgumentFault.Expected(name, "numbers that are at most 0", $"{gates[i].ToString("R", CultureInfo.InvariantCulture)} at [{ArgumentFault.Text(i)}]");
        }
    }

    /// <summary>One number a query token and head, for a declaration with gates.</summary>
    public static void CheckGateLength<T>(string name, ReadOnlySpan<T> gates, in Geometry geometry, TensorLayout layout, KernelTraits traits)
    {
        if (!traits.IsGated)
        {
            if (!gates.IsEmpty)
                ArgumentFault.Refused(name, $"{traits.Name} declares Decay.{traits.Decay}");
            return;
        }

        if (ArgumentFault.Product(geometry.Batch, geometry.Length, geometry.Heads) == gates.Length)
            return;
        if (layout == TensorLayout.HeadFirst)
            ArgumentFault.Length(name, gates.Length, "[B, H, T]", geometry.Batch, geometry.Heads, geometry.Length);
        ArgumentFault.Length(name, gates.Length, "[B, T, H]", geometry.Batch, geometry.Length, geometry.Heads);
    }

    /// <summary>The projections that a declaration needs, and no others.</summary>
    public static void CheckProjections<T>(in AttentionOptions<T> options, int heads, KernelTraits traits)
        where T : unmanaged
    {
        CheckProjection("options.Projection", options.Projection, traits.Projects, "projects nothing", heads, traits);
        CheckProjection("options.KeyProjection", options.KeyProjection, traits.HasKeyProjection, "has no projection for keys alone", heads, traits);
    }

    /// <summary>A projection [M, D], where and only where the declaration has one, of one head or of all.</summary>
    private static void CheckProjection<T>(string name, FeatureProjection<T>? projection, bool isNeeded, string whyNot, int heads, KernelTraits traits)
        where T : unmanaged
    {
        if (!isNeeded)
        {
            if (projection is not null)
                ArgumentFault.Refused(name, $"{traits.Name} {whyNot}");
            return;
        }

        if (projection is null)
            ArgumentFault.Expected(name, Shape(traits.ProjectedDim, traits.HeadDim), "none");
        if (projection.Features != traits.ProjectedDim || projection.HeadDim != traits.HeadDim)
            ArgumentFault.Expected(name, Shape(traits.ProjectedDim, traits.HeadDim), Shape(projection.Features, projection.HeadDim));
        if (projection.HasBias != traits.HasProjectionBias)
            ArgumentFault.Expected(name, traits.HasProjectionBias ? "a bias" : "no bias", projection.HasBias ? "one" : "none");
        if (projection.Heads != 1 && projection.Heads != heads)
            ArgumentFault.Expected(name, $"one matrix, or one for each of {ArgumentFault.Text(heads)} heads", ArgumentFault.Text(projection.Heads));

        static string Shape(int features, int headDim) => $"M = {ArgumentFault.Text(features)} features of D = {ArgumentFault.Text(headDim)}";
    }

    public static void CheckPlainStates<T>(in AttentionOptions<T> options, int sequences, int heads, KernelTraits traits)
        where T : unmanaged
    {
        CheckPlainState("options.InitialState", options.InitialState, "options.InitialNormalizer", options.InitialNormalizer, sequences, heads, traits);
        CheckPlainState("options.FinalState", options.FinalState, "options.FinalNormalizer", options.FinalNormalizer, sequences, heads, traits);
    }

    /// <summary>A state [N, H, M, E] and, where and only where the declaration has one, its normaliser [N, H, M]: both or neither.</summary>
    public static void CheckPlainState<T>(string name, ReadOnlySpan<T> state, string normalizerName, ReadOnlySpan<T> normalizer, int sequences, int heads, KernelTraits traits)
    {
        if (!traits.Normalized && !normalizer.IsEmpty)
            ArgumentFault.Refused(normalizerName, $"{traits.Name} has no normaliser");
        if (state.IsEmpty && normalizer.IsEmpty)
            return;
        if (traits.ScalesStates)
            ArgumentFault.Refused(name, $"states of {traits.Name} are scaled by a maximum, which plain tensors lack");
        if (ArgumentFault.Product(sequences, heads, traits.FeatureDim, traits.ValueDim) != state.Length)
            ArgumentFault.Length(name, state.Length, "[N, H, M, E]", sequences, heads, traits.FeatureDim, traits.ValueDim);
        if (traits.Normalized && ArgumentFault.Product(sequences, heads, traits.FeatureDim) != normalizer.Length)
            ArgumentFault.Length(normalizerName, normalizer.Length, "[N, H, M]", sequences, heads, traits.FeatureDim);
    }

    public static void RefusePlainStates<T>(in AttentionOptions<T> options)
        where T : unmanaged
    {
        const string why = "the state object carries the state; AttentionState.CopyFrom and CopyTo convert";
        if (!options.InitialState.IsEmpty)
            ArgumentFault.Refused("options.InitialState", why);
        if (!options.FinalState.IsEmpty)
            ArgumentFault.Refused("options.FinalState", why);
        if (!options.InitialNormalizer.IsEmpty)
            ArgumentFault.Refused("options.InitialNormalizer", why);
        if (!options.FinalNormalizer.IsEmpty)
            ArgumentFault.Refused("options.FinalNormalizer", why);
    }

    private static void CheckPacking(string name, ReadOnlySpan<int> starts, int tokens, string form)
    {
        if (starts[0] != 0)
            ArgumentFault.Expected(name, "a first entry of 0", ArgumentFault.Text(starts[0]));
        for (int n = 1; n < starts.Length; n++)
        {
            if (starts[n] < starts[n - 1])
                ArgumentFault.Expected(name, $"entry [{ArgumentFault.Text(n)}] to be at least the one before, {ArgumentFault.Text(starts[n - 1])}", ArgumentFault.Text(starts[n]));
        }

        if (starts[^1] != tokens)
            ArgumentFault.Expected(name, $"a last entry of {form} = {ArgumentFault.Text(tokens)}", ArgumentFault.Text(starts[^1]));
    }
}
