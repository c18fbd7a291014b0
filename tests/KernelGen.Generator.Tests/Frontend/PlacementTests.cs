using System.Text.RegularExpressions;
using KernelGen.Generator.Spec;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Generator.Tests;

/// <summary>Classes wherever C# allows one: found, named and reopened.</summary>
public partial class PlacementTests
{
    private const string Declared = "[KernelGen.LinearAttention(HeadDim = 8)] ";

    // Its surface, and forward and backward kernels for each of the four levels.
    private const int FilesOfADeclaration = 9;

    [Theory]
    [InlineData("partial class A { }", "", "A", "class A")]
    [InlineData("namespace App; partial class A { }", "App", "App.A", "class A")]
    [InlineData("namespace App { namespace Models.Small { partial class A { } } }", "App.Models.Small", "App.Models.Small.A", "class A")]
    [InlineData("namespace @event.@class; partial class @for { }", "@event.@class", "event.class.for", "class @for")]
    [InlineData("static partial class A { }", "", "A", "static class A")]
    [InlineData("public sealed partial class A { }", "", "A", "class A")]
    [InlineData("abstract partial class A { }", "", "A", "class A")]
    [InlineData("partial record A { }", "", "A", "record A")]
    [InlineData("sealed partial record class A(int X) { }", "", "A", "record A")]
    [InlineData("partial class A<T, @in> where T : struct { }", "", "A", "class A<T, @in>")]
    [InlineData("partial class @required { }", "", "required", "class @required")]
    [InlineData("partial class @record { }", "", "record", "class @record")]
    [InlineData("partial class Δέλτα { }", "", "Δέλτα", "class Δέλτα")]
    [InlineData("partial class Outer { partial class A { } }", "", "Outer.A", "class Outer > class A")]
    [InlineData("partial struct Outer { partial class A { } }", "", "Outer.A", "struct Outer > class A")]
    [InlineData("readonly ref partial struct Outer { partial class A { } }", "", "Outer.A", "struct Outer > class A")]
    [InlineData("readonly partial record struct Outer { partial class A { } }", "", "Outer.A", "record struct Outer > class A")]
    [InlineData("partial record Outer { static partial class A { } }", "", "Outer.A", "record Outer > static class A")]
    [InlineData("partial interface IOuter { partial class A { } }", "", "IOuter.A", "interface IOuter > class A")]
    [InlineData("static partial class Outer { private partial class A { } }", "", "Outer.A", "static class Outer > class A")]
    [InlineData("namespace App; partial class Outer<T> { partial struct Inner<U, V> { internal partial class A<W> { } } }", "App", "App.Outer.Inner.A", "class Outer<T> > struct Inner<U, V> > class A<W>")]
    public async Task Parse_AnyPlacement_IsIdentified(string source, string space, string fullName, string types)
    {
        // The attribute belongs to the innermost class, which is the last one declared.
        int at = InnermostClass().Matches(source)[^1].Index;
        source = source.Insert(at, Declared);
        TypeIdentity identity = Declarations.Spec(source).Type;
        Assert.Equal(space, identity.Namespace);
        Assert.Equal(fullName, identity.FullName);
        Assert.Equal(types, string.Join(" > ", identity.Types.Select(type => $"{type.Keyword} {type.Name}{type.TypeParameters}")));
        Assert.Matches("^[A-Za-z_][A-Za-z0-9_]*_[0-9a-f]{8}$", identity.HintName);
        Assert.True(SyntaxFacts.IsValidIdentifier(identity.HintName));

        // The generated half joins it.
        CSharpCompilation compilation = TestCompilation.Of(source);
        TestCompilation.AssertCompiles(Analysis.Generate(compilation));
        Assert.Equal(1 + FilesOfADeclaration, Analysis.Generate(compilation).SyntaxTrees.Count());
        await Analysis.Verify(source);
    }

    [Fact]
    public void HintName_OfDifferentTypes_DiffersEvenWithoutCase()
    {
        const string Source = """
            using KernelGen;
            [LinearAttention(HeadDim = 8)] partial class A { }
            [LinearAttention(HeadDim = 8)] partial class a { }
            [LinearAttention(HeadDim = 8)] partial class A<T> { }
            [LinearAttention(HeadDim = 8)] partial class A<T, U> { [LinearAttention(HeadDim = 8)] public partial class B { } }
            [LinearAttention(HeadDim = 8)] partial class A_B { }
            [LinearAttention(HeadDim = 8)] partial class Á { }
            [LinearAttention(HeadDim = 8)] partial class É { }
            namespace A_ { [LinearAttention(HeadDim = 8)] partial class B { } }
            namespace N { [LinearAttention(HeadDim = 8)] partial class A { [LinearAttention(HeadDim = 8)] public partial class B { } } }
            namespace N.X { [LinearAttention(HeadDim = 8)] partial class B { } }
            """;
        CSharpCompilation compilation = TestCompilation.Of(Source);
        string[] names = [.. Declarations.ParseAll(compilation).Select(result => result.Spec!.Type.HintName)];
        Assert.Equal(12, names.Length);
        Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        TestCompilation.AssertCompiles(Analysis.Generate(compilation));
    }

    [Fact]
    public void HintName_OfALongName_IsBounded()
    {
        string name = new('N', 400);
        string hint = Declarations.Spec($"namespace {name}; {Declared} partial class A {{ }}").Type.HintName;
        Assert.InRange(hint.Length, 1, 100);
        Assert.Contains("_A_", hint, StringComparison.Ordinal);
    }

    [Fact]
    public void HintName_IsStable() =>
        Assert.Equal("App_Attention_3d070b63", Declarations.Spec($"namespace App; {Declared} partial class Attention {{ }}").Type.HintName);

    [Fact]
    public void Parse_AttributeOnAnyPart_IsFoundOnce()
    {
        CSharpCompilation compilation = TestCompilation.Of(
            "namespace App; public partial class A { }",
            "using Linear = KernelGen.LinearAttentionAttribute; namespace App; [Linear(HeadDim = 8)] partial class A { }",
            "namespace App; partial class A { [KernelGen.FeatureMap] static float Phi(float x) => x * x; }");
        Assert.NotNull(Assert.Single(Declarations.ParseAll(compilation)).Spec);
        Assert.Equal(3 + FilesOfADeclaration, Analysis.Generate(compilation).SyntaxTrees.Count());
    }

    [GeneratedRegex(@"(\b(public|private|internal|protected|static|sealed|abstract|readonly|ref) )*partial (class|record)(?! struct)")]
    private static partial Regex InnermostClass();
}
