using KernelGen.Gpu.Verification.Cuda;
using KernelGen.Gpu.Verification.Runner;

namespace KernelGen.Gpu.Tests.Contract;

/// <summary>Where there is a CUDA device, all of the contract runs there.</summary>
public class CudaContractTests
{
    public static TheoryData<string> Variants => ContractProof.Variants;

    [SkippableTheory]
    [MemberData(nameof(Variants))]
    public void OnCudaDevice_AgreesWithDouble(string variant)
    {
        Skip.If(CudaDevices.Name is null, "there is no CUDA device");

        ContractProof.Prove(AcceleratorKind.Cuda, variant, "small,options,stream,refuse,real,backward,backward-options,backward-real,cut");
    }
}
