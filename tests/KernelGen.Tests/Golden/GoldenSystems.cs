namespace KernelGen.Tests.Golden;

/// <summary>Which systems the harness can run, and how it reads their cases.</summary>
internal static class GoldenSystems
{
    private static readonly Dictionary<string, Func<GoldenCase, MappedCase?>> s_mappings = new(StringComparer.Ordinal)
    {
        ["linear_transformer"] = LinearTransformerCases.Map,
        ["fla_linear"] = FlaLinearCases.Map,
        ["lightning2"] = Lightning2Cases.Map,
        ["simple_gla"] = SimpleGlaCases.Map,
        ["performer"] = PerformerCases.Map,
        ["rfa"] = RfaCases.Map,
        ["hedgehog"] = HedgehogCases.Map,
        ["transnormerllm"] = TransNormerAttentionCases.Map,
    };

    /// <summary>The declarations and calls of a case; null where the library does not support the system, or this variant of it, yet.</summary>
    /// <exception cref="UnmappableCaseException">It supports the system, but the case cannot be understood.</exception>
    public static MappedCase? Map(GoldenCase golden)
    {
        if (!s_mappings.TryGetValue(golden.System, out Func<GoldenCase, MappedCase?>? map))
            return null;
        string system = golden.Text("system");
        return system == golden.System ? map(golden) : throw new UnmappableCaseException($"it lies in the folder of {golden.System}, and says that it is {system}");
    }
}
