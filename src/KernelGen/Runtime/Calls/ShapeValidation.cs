namespace KernelGen.Runtime;

/// <summary>Checks a shape and the lengths of a call's tensors against it. Nothing is written before everything has passed.</summary>
internal static class ShapeValidation
{
    public static Geometry Resolve(in AttentionShape shape, KernelTraits traits)
    {
        if (shape.Batch < 0)
            ArgumentFault.OutOfRange("shape.Batch", "0 or more", shape.Batch);
        if (shape.Length < 0)
            ArgumentFault.OutOfRange("shape.Length", "0 or more", shape.Length);
        if (shape.Heads < 1)
            ArgumentFault.OutOfRange("shape.Heads", "1 or more", shape.Heads);
        if (shape.KeyValueHeads < 0 || (shape.KeyValueHeads > 0 && shape.Heads % shape.KeyValueHeads != 0))
            ArgumentFault.OutOfRange("shape.KeyValueHeads", $"0 or a divisor of Heads = {ArgumentFault.Text(shape.Heads)}", shape.KeyValueHeads);
        if (shape.KeyLength < 0)
            ArgumentFault.OutOfRange("shape.KeyLength", "0 or more", shape.KeyLength);
        if (shape.Layout is not (TensorLayout.SequenceFirst or TensorLayout.HeadFirst))
            ArgumentFault.OutOfRange("shape.Layout", "SequenceFirst (0) or HeadFirst (1)", (int)shape.Layout);
        if (traits.Causal && shape.KeyLength != 0 && shape.KeyLength != shape.Length)
            ArgumentFault.OutOfRange("shape.KeyLength", $"0 or Length = {ArgumentFault.Text(shape.Length)} ({traits.Name} is causal)", shape.KeyLength);
        return new Geometry(shape, traits);
    }

    public static void CheckTensors(in Tensors tensors, in Geometry geometry, KernelTraits traits, TensorLayout layout)
    {
        bool headFirst = layout == TensorLayout.HeadFirst;
        string s = traits.Causal ? "T" : "S";
        Check("q", tensors.Q.Length, geometry.Length, geometry.Heads, traits.HeadDim, "T", "H", "D", geometry.Batch, headFirst);
        Check("k", tensors.K.Length, geometry.KeyLength, geometry.KeyValueHeads, traits.HeadDim, s, KeyHeads(geometry), "D", geometry.Batch, headFirst);
        Check("v", tensors.V.Length, geometry.KeyLength, geometry.KeyValueHeads, traits.ValueDim, s, KeyHeads(geometry), "E", geometry.Batch, headFirst);
        Check("o", tensors.O.Length, geometry.Length, geometry.Heads, traits.ValueDim, "T", "H", "E", geometry.Batch, headFirst);
    }

    public static void CheckTensors(in BackwardTensors tensors, in Geometry geometry, KernelTraits traits, TensorLayout layout)
    {
        bool headFirst = layout == TensorLayout.HeadFirst;
        string s = traits.Causal ? "T" : "S";
        Check("q", tensors.Q.Length, geometry.Length, geometry.Heads, traits.HeadDim, "T", "H", "D", geometry.Batch, headFirst);
        Check("k", tensors.K.Length, geometry.KeyLength, geometry.KeyValueHeads, traits.HeadDim, s, KeyHeads(geometry), "D", geometry.Batch, headFirst);
        Check("v", tensors.V.Length, geometry.KeyLength, geometry.KeyValueHeads, traits.ValueDim, s, KeyHeads(geometry), "E", geometry.Batch, headFirst);
        Check("dO", tensors.OutputGradient.Length, geometry.Length, geometry.Heads, traits.ValueDim, "T", "H", "E", geometry.Batch, headFirst);
        Check("dq", tensors.QueryGradient.Length, geometry.Length, geometry.Heads, traits.HeadDim, "T", "H", "D", geometry.Batch, headFirst);
        Check("dk", tensors.KeyGradient.Length, geometry.KeyLength, geometry.KeyValueHeads, traits.HeadDim, s, KeyHeads(geometry), "D", geometry.Batch, headFirst);
        Check("dv", tensors.ValueGradient.Length, geometry.KeyLength, geometry.KeyValueHeads, traits.ValueDim, s, KeyHeads(geometry), "E", geometry.Batch, headFirst);
    }

    /// <summary>Checks one row a sequence and head: q [N, H, D], k [N, G, D], v [N, G, E], o [N, H, E].</summary>
    /// <returns>The number G of key and value heads, which the length of k tells.</returns>
    public static int CheckRows(in Tensors tensors, int sequences, int heads, KernelTraits traits)
    {
        if (ArgumentFault.Product(sequences, heads, traits.HeadDim) != tensors.Q.Length)
            ArgumentFault.Length("q", tensors.Q.Length, "[N, H, D]", sequences, heads, traits.HeadDim);
        Int128 keyHead = ArgumentFault.Product(sequences, traits.HeadDim);
        int keyHeads = (int)(tensors.K.Length / keyHead);
        if (keyHeads == 0 || tensors.K.Length % keyHead != 0 || heads % keyHeads != 0)
            ArgumentFault.Length("k", tensors.K.Length, "[N, H, D], or [N, G, D] where G divides H", sequences, heads, traits.HeadDim);
        if (ArgumentFault.Product(sequences, keyHeads, traits.ValueDim) != tensors.V.Length)
            ArgumentFault.Length("v", tensors.V.Length, keyHeads == heads ? "[N, H, E]" : "[N, G, E]", sequences, keyHeads, traits.ValueDim);
        if (ArgumentFault.Product(sequences, heads, traits.ValueDim) != tensors.O.Length)
            ArgumentFault.Length("o", tensors.O.Length, "[N, H, E]", sequences, heads, traits.ValueDim);
        return keyHeads;
    }

    private static string KeyHeads(in Geometry geometry) => geometry.Group == 1 ? "H" : "G";

    private static void Check(string name, int actual, int tokens, int heads, int width, string t, string h, string d, int batch, bool headFirst)
    {
        if (ArgumentFault.Product(batch, tokens, heads, width) == actual)
            return;
        if (headFirst)
            ArgumentFault.Length(name, actual, $"[B, {h}, {t}, {d}]", batch, heads, tokens, width);
        ArgumentFault.Length(name, actual, $"[B, {t}, {h}, {d}]", batch, tokens, heads, width);
    }
}
