using System.Text.RegularExpressions;
using KernelGen.Generator.Frontend;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator.Tests.Architecture;

/// <summary>The two questions of every review, and the size of the language between the layers.</summary>
public partial class VocabularyTests
{
    private const int MostTileOps = 14;

    // Systems that have a row, and those that will: a back end may name none of them.
    private static readonly Regex s_systems = new(
        $@"(?<![a-z])({string.Join('|', Systems.All.SelectMany(row => new[] { row.Name, row.ShortName }).Concat(
            ["linear_?transformer", "performer", "rfa", "hedgehog", "lightning", "transnormer", "lasp", "scatterbrain", "linformer", "luna", "fourierformer", "primal"]))})(?![a-z])",
        RegexOptions.IgnoreCase);

    [Fact]
    public void Plans_EveryFile_NamesNoInstructionSet() => Assert.Empty(Matches("Plans", InstructionSetNames()));

    [Fact]
    public void Backends_EveryFile_NamesNoSystem() => Assert.Empty(Matches("Backends", s_systems));

    [Theory]
    [InlineData("if (target == Target.Avx2)", true)]
    [InlineData("Vector128<float> x", true)]
    [InlineData("new(slope, Broadcast.Scalar)", false)]
    public void InstructionSetNames_Text_AreFound(string text, bool isOne) => Assert.Equal(isOne, InstructionSetNames().IsMatch(text));

    [Theory]
    [InlineData("spec.System == \"lightning2\"", true)]
    [InlineData("// only the Performer needs this", true)]
    [InlineData("public interface ISurface", false)]
    public void SystemNames_Text_AreFound(string text, bool isOne) => Assert.Equal(isOne, s_systems.IsMatch(text));

    [Fact]
    public void TileOps_Vocabulary_StaysSmall()
    {
        Type[] ops = [.. typeof(TileOp).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(TileOp)))];

        Assert.InRange(ops.Length, 1, MostTileOps);
    }

    // Broadcast.Scalar is a shape, not a level.
    [GeneratedRegex(@"\b(Avx\w*|Vector(64|128|256|512)\w*|Sse\w*|Neon|AdvSimd|(?<!Broadcast\.)Scalar|InstructionSets?)\b")]
    private static partial Regex InstructionSetNames();

    private static IEnumerable<string> Matches(string layer, Regex words)
    {
        SourceFile[] files = [.. GeneratorSources.In(layer)];
        Assert.NotEmpty(files);
        return from file in files
               from Match match in words.Matches(file.Text)
               select $"{file.Name} says {match.Value}";
    }
}
