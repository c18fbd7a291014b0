using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;

namespace KernelGen.Tests.Jit;

/// <summary>
/// Register tiles are only as fast as the JIT keeps all of their accumulators in registers, which nothing in C# can ask for: so the JIT's own listing is
/// read. One spilled accumulator in a loop costs a load and a store for each k.
/// </summary>
public partial class StackOperandTests
{
    [SkippableTheory]
    [InlineData("ForwardAvx512", true)]
    [InlineData("ForwardAvx2", false)]
    [InlineData("ForwardVector128", false)]
    [InlineData("BackwardAvx512", true)]
    [InlineData("BackwardAvx2", false)]
    [InlineData("BackwardVector128", false)]
    public void RegisterTiles_InnerLoops_StayInRegisters(string kernels, bool avx512)
    {
        SkipWhereNotSupported(avx512);

        IReadOnlyList<JitMethod> methods = JitListing.Of([kernels], avx512);
        JitMethod[] tiles = [.. methods.Where(method => RegisterTile().IsMatch(method.Name))];

        Assert.NotEmpty(tiles);
        Assert.All(methods, method => Assert.Equal("FullOpts", method.Tier));
        Assert.All(tiles, tile => Assert.NotEmpty(tile.InnerLoops));
        Assert.Empty(tiles.SelectMany(tile => tile.InnerLoops.SelectMany(tile.StackOperands).Select(line => $"{tile.Name}: {line}")));
    }

    [SkippableTheory]
    [InlineData("Spilling512", true)]
    [InlineData("Spilling256", false)]
    public void RegisterTiles_SeededWithTooManyAccumulators_AreCaught(string method, bool avx512)
    {
        SkipWhereNotSupported(avx512);

        JitMethod spilling = Assert.Single(JitListing.Of(["SpillingTiles"], avx512), m => m.Name.EndsWith(":" + method, StringComparison.Ordinal));

        Assert.Equal("FullOpts", spilling.Tier);
        Assert.NotEmpty(spilling.StackOperands(Assert.Single(spilling.InnerLoops)));
    }

    private static void SkipWhereNotSupported(bool avx512) =>
        Skip.IfNot(avx512 ? Avx512F.IsSupported : Fma.IsSupported, $"this machine has no {(avx512 ? "AVX-512" : "FMA")}: there is no listing to read");

    [GeneratedRegex(@":Gemm\w*_\d+x\d+")]
    private static partial Regex RegisterTile();
}
