using Basic.Reference.Assemblies;
using KernelGen.CodeFixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;

namespace KernelGen.Generator.Tests;

/// <summary>Each fix: one at a time, in order, and all at once.</summary>
public class CodeFixTests
{
    private const string Usings = "using KernelGen;\n\n";

    [Theory]
    [InlineData(
        "[LinearAttention(HeadDim = 8)]\npublic class {|KG0001:A|} { }",
        "[LinearAttention(HeadDim = 8)]\npublic partial class A { }")]
    [InlineData(
        "// Kept.\n[LinearAttention(HeadDim = 8)]\nclass {|KG0001:A|}<T>\n{\n}",
        "// Kept.\n[LinearAttention(HeadDim = 8)]\npartial class A<T>\n{\n}")]
    [InlineData(
        "public sealed record Outer\n{\n    // Kept.\n    readonly struct Inner\n    {\n        [LinearAttention(HeadDim = 8)]\n        internal static class {|KG0001:{|KG0002:{|KG0002:A|}|}|} { }\n    }\n}",
        "public sealed partial record Outer\n{\n    // Kept.\n    readonly partial struct Inner\n    {\n        [LinearAttention(HeadDim = 8)]\n        internal static partial class A { }\n    }\n}")]
    [InlineData(
        "class Outer\n{\n    [LinearAttention(HeadDim = 8)] class {|KG0001:{|KG0002:A|}|} { }\n    [LightningAttention(HeadDim = 8)] class {|KG0001:{|KG0002:B|}|} { }\n}\n[LinearAttention(HeadDim = 8)] class {|KG0001:C|} { }",
        "partial class Outer\n{\n    [LinearAttention(HeadDim = 8)] partial class A { }\n    [LightningAttention(HeadDim = 8)] partial class B { }\n}\n[LinearAttention(HeadDim = 8)] partial class C { }")]
    public Task MakePartial(string source, string expected) => Verify<MakePartialFix>(source, expected);

    [Theory]
    [InlineData(
        "[LinearAttention(HeadDim = 8)]\npartial class A\n{\n    [FeatureMap]\n    private float {|KG0009:Phi|}(float x) => x * x;\n}",
        "[LinearAttention(HeadDim = 8)]\npartial class A\n{\n    [FeatureMap]\n    private static float Phi(float x) => x * x;\n}")]
    [InlineData(
        "[LinearAttention(HeadDim = 8)]\npartial class A\n{\n    [FeatureMap] float {|KG0009:Phi|}(float x) => x * x;\n}\n[LinearAttention(HeadDim = 8)]\npartial class B\n{\n    // Kept.\n    [FeatureMap] float {|KG0009:Phi|}(float x) => x * x;\n}",
        "[LinearAttention(HeadDim = 8)]\npartial class A\n{\n    [FeatureMap] static float Phi(float x) => x * x;\n}\n[LinearAttention(HeadDim = 8)]\npartial class B\n{\n    // Kept.\n    [FeatureMap] static float Phi(float x) => x * x;\n}")]
    public Task MakeStatic(string source, string expected) => Verify<MakeStaticFix>(source, expected);

    [Fact]
    public Task MakeStatic_OtherFaultOfTheSignature_IsNotOffered()
    {
        const string Source = "[LinearAttention(HeadDim = 8)]\npartial class A\n{\n    [FeatureMap] static float Phi(double {|KG0009:x|}) => 1f;\n    }";
        return Verify<MakeStaticFix>(Source, Source);
    }

    [Theory]
    [InlineData(
        "[LinearAttention(HeadDim = 8, {|KG0006:FeatureMap = FeatureMap.EluPlusOne|}, Scale = 2)]\npartial class A { [FeatureMap] static float Phi(float x) => x * x; }",
        "[LinearAttention(HeadDim = 8, Scale = 2)]\npartial class A { [FeatureMap] static float Phi(float x) => x * x; }")]
    [InlineData(
        "[LinearAttention(HeadDim = 8, Normalize = false, {|KG0012:Epsilon = 1e-3|})]\npartial class A { }\n[LightningAttention({|KG0014:Causal = false|}, HeadDim = 8)]\npartial class B { }",
        "[LinearAttention(HeadDim = 8, Normalize = false)]\npartial class A { }\n[LightningAttention(HeadDim = 8)]\npartial class B { }")]
    public Task RemoveArgument(string source, string expected) => Verify<RemoveArgumentFix>(source, expected);

    private static async Task Verify<TFix>(string source, string expected)
        where TFix : CodeFixProvider, new()
    {
        CSharpCodeFixTest<KernelAnalyzer, TFix, DefaultVerifier> test = new()
        {
            TestCode = Usings + source,
            FixedCode = Usings + expected,
            ReferenceAssemblies = new ReferenceAssemblies("net10.0"),
            CompilerDiagnostics = CompilerDiagnostics.Errors,
        };
        test.TestState.AdditionalReferences.AddRange(Net100.References.All);
        test.TestState.AdditionalReferences.Add(MetadataReference.CreateFromFile(typeof(LinearAttentionAttribute).Assembly.Location));
        await test.RunAsync();
    }
}
