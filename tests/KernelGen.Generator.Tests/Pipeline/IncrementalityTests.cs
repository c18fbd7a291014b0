using System.Collections;
using System.Reflection;
using KernelGen.Generator.Spec;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Generator.Tests;

/// <summary>What an edit makes the generator do again.</summary>
public class IncrementalityTests
{
    private const string Source = """
        using System;
        using KernelGen;

        namespace App;

        [LinearAttention(HeadDim = 64)]
        public partial class Attention
        {
            [FeatureMap]
            private static float Phi(float x)
            {
                return x > 0f ? x + One : Helper.Exponential(x);
            }

            private const float One = 1f;

            public void Unrelated()
            {
            }
        }
        """;

    private const string Helper = "namespace App; static class Helper { public static float Exponential(float x) => System.MathF.Exp(x); }";

    public static TheoryData<string, string, string, IncrementalStepRunReason> Edits => new()
    {
        { "comment above", "using System;", "// A comment.\n\nusing System;", IncrementalStepRunReason.Unchanged },
        { "comment in the map", "return x", "// A comment.\n        return x", IncrementalStepRunReason.Unchanged },
        { "another method's body", "Unrelated()\n    {", "Unrelated()\n    {\n        Console.WriteLine();", IncrementalStepRunReason.Unchanged },
        { "another member", "public void Unrelated", "private int _field;\n    public void Unrelated", IncrementalStepRunReason.Unchanged },
        { "the map written otherwise", "return x > 0f ? x + One : Helper.Exponential(x);", "if (x > 0f) return x + 1f; return MathF.Exp(x);", IncrementalStepRunReason.Unchanged },
        { "an argument's default written out", "HeadDim = 64", "HeadDim = 64, Causal = true, ValueDim = 64", IncrementalStepRunReason.Unchanged },
        { "an argument", "HeadDim = 64", "HeadDim = 32", IncrementalStepRunReason.Modified },
        { "the map", "x + One", "x + One + x", IncrementalStepRunReason.Modified },
        { "a constant of the map", "One = 1f", "One = 2f", IncrementalStepRunReason.Modified },
        { "a sign of zero", "x > 0f ? x + One", "x > 0f ? x * -0f", IncrementalStepRunReason.Modified },
        { "the namespace", "namespace App", "namespace App.Inner", IncrementalStepRunReason.Modified },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public void Edit_OfTheDeclaration_RunsWhatDependsOnIt(string edit, string from, string to, IncrementalStepRunReason expected)
    {
        Assert.Contains(from, Source, StringComparison.Ordinal);
        CSharpCompilation before = TestCompilation.Of(Source, Helper);
        CSharpCompilation after = Replace(before, 0, Source.Replace(from, to, StringComparison.Ordinal));
        TestCompilation.AssertCompiles(after);
        GeneratorRunResult result = Rerun(before, after);
        Assert.True(SpecReasons(result).SequenceEqual([expected]), edit + ": " + string.Join(", ", SpecReasons(result)));
        Assert.Equal([expected == IncrementalStepRunReason.Unchanged ? IncrementalStepRunReason.Cached : IncrementalStepRunReason.Modified], OutputReasons(result).Distinct());
    }

    [Fact]
    public void Edit_OfAnUnrelatedFile_LeavesOutputsCached()
    {
        CSharpCompilation before = TestCompilation.Of(Source, Helper);
        GeneratorRunResult result = Rerun(before, before.AddSyntaxTrees(TestCompilation.Parse("class Unrelated { }", "Unrelated.cs")));
        Assert.All(SpecReasons(result), reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged));
        Assert.Equal([IncrementalStepRunReason.Cached], OutputReasons(result).Distinct());
    }

    [Fact]
    public void Edit_OfAHelperInAnotherFile_IsSeen()
    {
        CSharpCompilation before = TestCompilation.Of(Source, Helper);
        CSharpCompilation after = Replace(before, 1, Helper.Replace("Exp(x)", "Exp(x) + x", StringComparison.Ordinal));
        Assert.Equal([IncrementalStepRunReason.Modified], SpecReasons(Rerun(before, after)));
    }

    [Fact]
    public void Edit_ThatBreaksTheDeclaration_RemovesItsCode()
    {
        CSharpCompilation before = TestCompilation.Of(Source, Helper);
        CSharpCompilation after = Replace(before, 0, Source.Replace("HeadDim = 64", "HeadDim = 0", StringComparison.Ordinal));
        Assert.NotEmpty(Analysis.Driver().RunGenerators(before).GetRunResult().GeneratedTrees);
        Assert.Empty(Rerun(before, after).GeneratedSources);
    }

    [Fact]
    public void Specs_HoldNothingOfTheCompilation()
    {
        GeneratorRunResult result = Assert.Single(Analysis.Driver(track: true).RunGenerators(TestCompilation.Of(Source, Helper)).GetRunResult().Results);
        object[] values = [.. result.TrackedSteps[StepNames.Spec].SelectMany(step => step.Outputs).Select(output => output.Value)];
        Assert.IsType<KernelSpec>(Assert.Single(values));
        HashSet<object> seen = [];
        Visit(values[0], seen);
        Assert.True(seen.Count > 10);
    }

    private static void Visit(object? value, HashSet<object> seen)
    {
        if (value is null or string || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value))
            return;
        Assert.False(value.GetType().FullName!.StartsWith("Microsoft.", StringComparison.Ordinal), value.GetType().FullName);
        foreach (FieldInfo field in value.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            Visit(field.GetValue(value), seen);
        if (value is IEnumerable items)
        {
            foreach (object? item in items)
                Visit(item, seen);
        }
    }

    private static CSharpCompilation Replace(CSharpCompilation compilation, int file, string source)
    {
        SyntaxTree old = compilation.SyntaxTrees[file];
        return compilation.ReplaceSyntaxTree(old, TestCompilation.Parse(source, old.FilePath));
    }

    private static GeneratorRunResult Rerun(CSharpCompilation before, CSharpCompilation after) =>
        Assert.Single(Analysis.Driver(track: true).RunGenerators(before).RunGenerators(after).GetRunResult().Results);

    private static IEnumerable<IncrementalStepRunReason> SpecReasons(GeneratorRunResult result) =>
        result.TrackedSteps[StepNames.Spec].SelectMany(step => step.Outputs).Select(output => output.Reason);

    private static IEnumerable<IncrementalStepRunReason> OutputReasons(GeneratorRunResult result) =>
        result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs).Select(output => output.Reason);
}
