using KernelGen.Gpu.Verification.Runner;

namespace KernelGen.Gpu.Tests.Contract;

/// <summary>Backward of every variant, and sequences that are cut, on ILGPU's CPU accelerator.</summary>
public class CpuBackwardContractTests
{
    public static TheoryData<string> Variants => ContractProof.Variants;

    [Theory]
    [MemberData(nameof(Variants))]
    public void Backward_OnCpuAccelerator_AgreesWithDouble(string variant) => ContractProof.Prove(AcceleratorKind.Cpu, variant, "backward,backward-options");

    [Theory]
    [InlineData("EluCausal")]
    [InlineData("EluCross")]
    [InlineData("DecayPerHead")]
    public void CutSequences_OnCpuAccelerator_AgreeWithDouble(string variant) => ContractProof.Prove(AcceleratorKind.Cpu, variant, "cut");
}
