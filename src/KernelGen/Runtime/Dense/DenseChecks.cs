namespace KernelGen.Runtime;

/// <summary>Checks of a dense layer's arguments; nothing has been written when one fails.</summary>
internal static class DenseChecks
{
    public static void Weights(DenseTraits traits, int weights, string weightsName, int bias, string biasName)
    {
        string rows = traits.IsGated ? "2 outputs" : "outputs";
        if (weights != traits.WeightRows * (long)traits.Inputs)
            ArgumentFault.Length(weightsName, weights, $"[{rows}, inputs]", traits.WeightRows, traits.Inputs);
        if (!traits.HasBias && bias != 0)
            ArgumentFault.Refused(biasName, "the layer has no bias");
        if (traits.HasBias && bias != traits.WeightRows)
            ArgumentFault.Length(biasName, bias, $"[{rows}]", traits.WeightRows);
    }

    public static void Packed<T>(DenseTraits traits, DenseWeights<T> weights, bool forTraining)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Traits != traits)
            ArgumentFault.Expected(nameof(weights), $"weights packed by {traits.Name}", $"weights packed by {weights.Layer}");
        if (forTraining && !weights.ForTraining)
            ArgumentFault.Expected(nameof(weights), "weights packed with forTraining", "weights packed without");
    }

    public static void Tokens(int tokens)
    {
        if (tokens < 0)
            ArgumentFault.OutOfRange(nameof(tokens), "at least 0", tokens);
    }

    public static void Rows(string name, int length, int tokens, string width, int columns)
    {
        if (length != (long)tokens * columns)
            ArgumentFault.Length(name, length, $"[tokens, {width}]", tokens, columns);
    }

    public static void Apart<T>(ReadOnlySpan<T> written, string name, ReadOnlySpan<T> other, string otherName)
    {
        if (written.Overlaps(other))
            ArgumentFault.Expected(name, $"memory that does not overlap {otherName}", "memory that does");
    }

    public static void Options(in DenseOptions options)
    {
        if (options.MaxDegreeOfParallelism < 0)
            ArgumentFault.OutOfRange("options.MaxDegreeOfParallelism", "at least 0", options.MaxDegreeOfParallelism);
    }
}
