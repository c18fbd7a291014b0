namespace KernelGen.Runtime;

/// <summary>Refuses memory that a backward call would both write and read, or write twice: phases read their inputs again after they have written.</summary>
internal static class BackwardSeparation
{
    public static void Check<T>(in BackwardTensors tensors, in BackwardOptions<T> options)
        where T : unmanaged
    {
        Check("dq", tensors.QueryGradient, before: 0, tensors, options);
        Check("dk", tensors.KeyGradient, before: 1, tensors, options);
        Check("dv", tensors.ValueGradient, before: 2, tensors, options);
        Check("options.InitialStateGradient", TensorMemory.Of<T>(options.InitialStateGradient), before: 3, tensors, options);
        Check("options.InitialNormalizerGradient", TensorMemory.Of<T>(options.InitialNormalizerGradient), before: 4, tensors, options);
        Check("options.SlopeGradients", TensorMemory.Of<T>(options.SlopeGradients), before: 5, tensors, options);
        Check("options.LogGateGradients", TensorMemory.Of<T>(options.LogGateGradients), before: 5, tensors, options);
        Check("options.ProjectionGradients", TensorMemory.Of<T>(options.ProjectionGradients), before: 5, tensors, options);
        Check("options.ProjectionBiasGradients", TensorMemory.Of<T>(options.ProjectionBiasGradients), before: 6, tensors, options);
        Check("options.KeyProjectionGradients", TensorMemory.Of<T>(options.KeyProjectionGradients), before: 7, tensors, options);
        Check("options.KeyProjectionBiasGradients", TensorMemory.Of<T>(options.KeyProjectionBiasGradients), before: 8, tensors, options);
    }

    /// <summary>One output against every input, and against the outputs <paramref name="before"/> it.</summary>
    private static void Check<T>(string name, TensorMemory written, int before, in BackwardTensors tensors, in BackwardOptions<T> options)
        where T : unmanaged
    {
        if (written.IsEmpty)
            return;
        Separation.Refuse(name, written, "q", tensors.Q);
        Separation.Refuse(name, written, "k", tensors.K);
        Separation.Refuse(name, written, "v", tensors.V);
        Separation.Refuse(name, written, "dO", tensors.OutputGradient);
        Separation.Refuse(name, written, "options.KeyMask", options.KeyMask);
        Separation.Refuse(name, written, "options.Slopes", options.Slopes);
        Separation.Refuse(name, written, "options.LogGates", options.LogGates);
        Separation.Refuse(name, written, "options.CuSeqlens", options.CuSeqlens);
        Separation.Refuse(name, written, "options.KeyCuSeqlens", options.KeyCuSeqlens);
        Separation.Refuse(name, written, "options.InitialState", options.InitialState);
        Separation.Refuse(name, written, "options.InitialNormalizer", options.InitialNormalizer);
        Separation.Refuse(name, written, "options.FinalStateGradient", options.FinalStateGradient);
        Separation.Refuse(name, written, "options.FinalNormalizerGradient", options.FinalNormalizerGradient);
        if (before > 0)
            Separation.Refuse(name, written, "dq", tensors.QueryGradient);
        if (before > 1)
            Separation.Refuse(name, written, "dk", tensors.KeyGradient);
        if (before > 2)
            Separation.Refuse(name, written, "dv", tensors.ValueGradient);
        if (before > 3)
            Separation.Refuse<T>(name, written, "options.InitialStateGradient", options.InitialStateGradient);
        if (before > 4)
            Separation.Refuse<T>(name, written, "options.InitialNormalizerGradient", options.InitialNormalizerGradient);
        if (before > 5)
            Separation.Refuse<T>(name, written, "options.ProjectionGradients", options.ProjectionGradients);
        if (before > 6)
            Separation.Refuse<T>(name, written, "options.ProjectionBiasGradients", options.ProjectionBiasGradients);
        if (before > 7)
            Separation.Refuse<T>(name, written, "options.KeyProjectionGradients", options.KeyProjectionGradients);
    }
}
