namespace KernelGen.Gpu.Tests.Runner;

/// <summary>
/// What a proof with outside tools does where they are missing: it is skipped, so that the SDK alone suffices to run the tests, but it fails where
/// <see cref="Variable"/> is 1, so that a machine that is meant to prove something cannot pass by proving nothing.
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
        if (tool is null && Environment.GetEnvironmentVariable(Variable) == "1")
            Assert.Fail($"{remedy} ({Variable}=1 makes this a failure)");
        Skip.If(tool is null, remedy);
        return tool;
    }
}
