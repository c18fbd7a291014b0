using System.Reflection;
using KernelGen.Gpu.Kernels;

namespace KernelGen.Gpu.Tests.Contract;

/// <summary>Declarations that a GPU has no kernels for: whoever asks for them is told why when the program is compiled.</summary>
public class MissingKernelsTests
{
    [Theory]
    [InlineData(typeof(EluDouble), "float64")]
    [InlineData(typeof(EluTooWide), "48 KiB")]
    public void OnGpu_NoKernels_IsRefusedByTheCompiler(Type declared, string reason)
    {
        ObsoleteAttribute? refusal = declared.GetMethod("OnGpu")?.GetCustomAttribute<ObsoleteAttribute>();

        Assert.NotNull(refusal);
        Assert.True(refusal.IsError);
        Assert.Contains(declared.Name, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }
}
