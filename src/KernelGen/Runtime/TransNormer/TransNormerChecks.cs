namespace KernelGen.Runtime;

/// <summary>Checks of a block's arguments; nothing has been written when one fails.</summary>
internal static class TransNormerChecks
{
    public static void Parameters<T>(TransNormerTraits traits, in TransNormerParameters<T> parameters)
        where T : unmanaged
    {
        int hidden = traits.Hidden, embed = traits.Embed, glu = traits.GluWidth;
        Weight("parameters.Qkvu", parameters.Qkvu.Length, "[4 C, E]", 4 * hidden, embed);
        Weight("parameters.Output", parameters.Output.Length, "[E, C]", embed, hidden);
        Weight("parameters.Gate", parameters.Gate.Length, "[G, E]", glu, embed);
        Weight("parameters.Up", parameters.Up.Length, "[G, E]", glu, embed);
        Weight("parameters.Down", parameters.Down.Length, "[E, G]", embed, glu);
        Bias("parameters.QkvuBias", parameters.QkvuBias.Length, "[4 C]", 4 * hidden);
        Bias("parameters.OutputBias", parameters.OutputBias.Length, "[E]", embed);
        Bias("parameters.GateBias", parameters.GateBias.Length, "[G]", glu);
        Bias("parameters.UpBias", parameters.UpBias.Length, "[G]", glu);
        Bias("parameters.DownBias", parameters.DownBias.Length, "[E]", embed);
        if (parameters.Slopes.Length != traits.Heads)
            ArgumentFault.Length("parameters.Slopes", parameters.Slopes.Length, "[H]", traits.Heads);

        void Bias(string name, int length, string form, int rows)
        {
            if (!traits.HasBias && length != 0)
                ArgumentFault.Refused(name, "the block has no biases");
            if (traits.HasBias && length != rows)
                ArgumentFault.Length(name, length, form, rows);
        }
    }

    public static void Gradients<T>(TransNormerTraits traits, in TransNormerGradients<T> gradients)
        where T : unmanaged
    {
        int hidden = traits.Hidden, embed = traits.Embed, glu = traits.GluWidth;
        Wanted("gradients.Qkvu", gradients.Qkvu, "[4 C, E]", 4 * hidden, embed);
        Wanted("gradients.Output", gradients.Output, "[E, C]", embed, hidden);
        Wanted("gradients.Gate", gradients.Gate, "[G, E]", glu, embed);
        Wanted("gradients.Up", gradients.Up, "[G, E]", glu, embed);
        Wanted("gradients.Down", gradients.Down, "[E, G]", embed, glu);
        Wanted("gradients.QkvuBias", gradients.QkvuBias, "[4 C]", 4 * hidden, 1);
        Wanted("gradients.OutputBias", gradients.OutputBias, "[E]", embed, 1);
        Wanted("gradients.GateBias", gradients.GateBias, "[G]", glu, 1);
        Wanted("gradients.UpBias", gradients.UpBias, "[G]", glu, 1);
        Wanted("gradients.DownBias", gradients.DownBias, "[E]", embed, 1);

        static void Wanted(string name, Span<T> span, string form, int rows, int columns)
        {
            if (!span.IsEmpty)
                Weight(name, span.Length, form, rows, columns);
        }
    }

    public static void Call<T>(TransNormerTraits traits, TransNormerWeights<T> weights, bool forTraining, int batch, int length, in TransNormerOptions<T> options)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Traits != traits)
            ArgumentFault.Expected(nameof(weights), $"weights packed by {traits.Name}", $"weights packed by {weights.Traits.Name}");
        if (forTraining && !weights.ForTraining)
            ArgumentFault.Expected(nameof(weights), "weights packed with forTraining", "weights packed without");
        if (batch < 0)
            ArgumentFault.OutOfRange(nameof(batch), "0 or more", batch);
        if (length < 0)
            ArgumentFault.OutOfRange(nameof(length), "0 or more", length);
        if (!options.KeyMask.IsEmpty && options.KeyMask.Length != (long)batch * length)
            ArgumentFault.Length("options.KeyMask", options.KeyMask.Length, "[B, T]", batch, length);
        if (options.State is not null && options.Activations is not null)
            ArgumentFault.Refused("options.Activations", "gradients are of whole sequences, and the call continues a state");
        if (options.State is { } state && state.Sequences != batch)
            ArgumentFault.Expected("options.State", $"{batch} sequences, as the call has", ArgumentFault.Text(state.Sequences));
        if (options.MaxDegreeOfParallelism < 0)
            ArgumentFault.OutOfRange("options.MaxDegreeOfParallelism", "at least 0", options.MaxDegreeOfParallelism);
    }

    public static void Rows(TransNormerTraits traits, string name, int actual, int batch, int length)
    {
        if (actual != ArgumentFault.Product(batch, length, traits.Embed))
            ArgumentFault.Length(name, actual, "[B, T, E]", batch, length, traits.Embed);
    }

    private static void Weight(string name, int actual, string form, int rows, int columns)
    {
        if (actual != (long)rows * columns)
            ArgumentFault.Length(name, actual, form, rows, columns);
    }
}
