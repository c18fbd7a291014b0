using KernelGen.Gpu.Tests.Runner;
using KernelGen.Gpu.Verification.OpenCl;
using KernelGen.Gpu.Verification.Runner;

namespace KernelGen.Gpu.Tests.Contract;

/// <summary>Real shapes on OpenCL by PoCL.</summary>
public class PoClContractTests
{
    [SkippableTheory]
    [Trait(GpuProof.Trait, GpuProof.Suite)]
    [InlineData("EluCausal", "real,options,stream")]
    [InlineData("EluCross", "real,options,stream")]
    [InlineData("Lightning", "real,options,stream")]
    [InlineData("DecayPerHead", "backward-real,backward-options")]
    public void OnPoCl_AgreesWithDouble(string variant, string scenarios)
    {
        GpuProof.Require(OpenClTools.Find(), OpenClTools.Remedy);

        ContractProof.Prove(AcceleratorKind.PoCl, variant, scenarios);
    }
}
