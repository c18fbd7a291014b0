using KernelGen.Variants;
using Microsoft.CodeAnalysis.Emit;

namespace KernelGen.Tests.Jit;

/// <summary>
/// The JIT gives up on large methods, AggressiveOptimization or not: past 60,000 bytes of IL, 20,000 instructions, 2,000 basic blocks, 2,000 locals or
/// 8,000 uses of locals it compiles without optimising (MinOpts), measured as 27 GFLOP/s where 230 were. It stops inlining at 512 locals, its own
/// temporaries included, and keeps no more than 1,024 in registers. Bounds are two fifths of the first kind, since they are counted before anything
/// is inlined, and for locals three quarters of the point where inlining stops.
/// </summary>
public class BoundedSizeTests
{
    private const int MostBytes = 24_000;
    private const int MostInstructions = 8_000;
    private const int MostBranches = 800;
    private const int MostLocals = 384;
    private const int MostLocalReferences = 3_200;

    private const string LargeMap = """
        [FeatureMap]
        private static float Phi(float x)
        {
            float a = MathF.Exp(-x * x), b = x * x * x, c = MathF.Exp(MathF.Min(x, 0f));
            float d = a * b + c, e = a - b * c, f = MathF.Exp(-MathF.Abs(d * e));
            return x < -1f ? d * f : x < 0f ? e * e + f : x < 1f ? (a + b) * (c + d) : MathF.Exp(-x) + f * f;
        }
        """;

    // The ends of what can be declared: the widest heads, the longest chunk, dims that fit no vector, a map of many expressions.
    private static readonly Dictionary<string, (string Attribute, string Members)> s_extremes = new()
    {
        ["Usual"] = ("LinearAttention(HeadDim = 64)", ""),
        ["Wide"] = ("LinearAttention(HeadDim = 128, ChunkSize = 128, Decay = Decay.PerHead)", ""),
        ["Widest"] = ("LightningAttention(HeadDim = 1024, ChunkSize = 128)", ""),
        ["WidestDouble"] = ("LinearAttention(HeadDim = 1024, ChunkSize = 128, DType = DType.Float64)", ""),
        ["Prime"] = ("LinearAttention(HeadDim = 127, ValueDim = 61, Causal = false)", ""),
        ["PrimeCausal"] = ("LinearAttention(HeadDim = 61, ValueDim = 1021, Decay = Decay.PerHead)", ""),
        ["OwnMap"] = ("LinearAttention(HeadDim = 96, ValueDim = 80)", LargeMap),
    };

    public static TheoryData<string> Extremes => [.. s_extremes.Keys];

    [Theory]
    [MemberData(nameof(Extremes))]
    public void EmittedMethods_ExtremeDeclaration_StayFarBelowTheJitsLimits(string declaration)
    {
        (string attribute, string members) = s_extremes[declaration];
        IReadOnlyList<IlSize> sizes = Compile(VariantTable.Class(declaration, attribute, members));

        Assert.Contains(sizes, size => size.Method.Contains("ForwardAvx512.Gemm", StringComparison.Ordinal));
        Assert.Contains(sizes, size => size.Method.Contains("BackwardAvx512.Gemm", StringComparison.Ordinal));
        Assert.Empty(sizes.Where(IsTooLarge).Select(size => size.ToString()));
    }

    [Theory]
    [InlineData("DenseLayer(Inputs = 127, Outputs = 61, Bias = true, Gated = true, Norm = InputNorm.SimpleRms)", LargeMap)]
    [InlineData("DenseLayer(Inputs = 16384, Outputs = 16383, Activation = Activation.GeluTanh, DType = DType.Float64)", "")]
    [InlineData("TransNormerBlock(EmbedDim = 2048, Heads = 16, GluDim = 5633, Bias = true)", "")]
    public void EmittedMethods_DenseLayers_StayFarBelowTheJitsLimits(string attribute, string members)
    {
        IReadOnlyList<IlSize> sizes = Compile(VariantTable.Class("Dense", attribute, members));

        Assert.Contains(sizes, size => size.Method.Contains("DenseAvx512.PanelTile", StringComparison.Ordinal));
        Assert.Empty(sizes.Where(IsTooLarge).Select(size => size.ToString()));
    }

    private static bool IsTooLarge(IlSize size) =>
        size.Bytes > MostBytes || size.Instructions > MostInstructions || size.Branches > MostBranches
        || size.Locals > MostLocals || size.LocalReferences > MostLocalReferences;

    private static IReadOnlyList<IlSize> Compile(string source)
    {
        using MemoryStream image = new();
        EmitResult result = GeneratorRun.Of(source).Compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        image.Position = 0;
        return IlSize.ReadAll(image, "KernelGen.Generated");
    }
}
