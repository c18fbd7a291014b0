namespace KernelGen.Gpu.Tests.Runner;

/// <summary>
/// What a proof with outside tools does: it runs where <see cref="Variable"/> is 1, and fails there without its tool, so that a machine that is meant to prove something cannot
/// pass by proving nothing. Elsewhere it is skipped, with or without the tool: the SDK alone suffices to run the tests, in minutes.
/// </summary>
internal static class GpuProof
{
    /// <summary>Name of the trait that such proofs carry, with the value <see cref="Suite"/>.</summary>
    public const string Trait = "Suite";

    public const string Suite = "Gpu";

    public const string Variable = "KERNELGEN_GPU_TESTS";

    /// <summary>The tool, or the test ends here.</summary>
    public static T Require<T>(T? tool, string remedy)
        where T : class
    {
        Skip.If(Environment.GetEnvironmentVariable(Variable) != "1", $"{Variable}=1 runs it");
        if (tool is null)
            Assert.Fail($"{remedy} ({Variable}=1 makes this a failure)");
        return tool;
    }
}
