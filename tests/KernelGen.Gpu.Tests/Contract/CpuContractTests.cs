using KernelGen.Gpu.Verification.Runner;

namespace KernelGen.Gpu.Tests.Contract;

/// <summary>Forward and refusals of every variant, by its generated host API, on ILGPU's CPU accelerator.</summary>
public class CpuContractTests
{
    public static TheoryData<string> Variants => ContractProof.Variants;

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_OnCpuAccelerator_AgreesWithDouble(string variant) => ContractProof.Prove(AcceleratorKind.Cpu, variant, "small,options,stream,refuse");
}
