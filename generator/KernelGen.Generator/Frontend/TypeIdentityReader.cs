using System.Text;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Generator.Frontend;

/// <summary>How the declared class is reopened from another file, and a name for its files that no other type shares.</summary>
internal static class TypeIdentityReader
{
    // Long enough to tell types apart in a file list, short enough for the path limits of old build tools.
    private const int LongestStem = 80;

    public static TypeIdentity Read(INamedTypeSymbol type)
    {
        List<TypeDeclaration> types = new();
        StringBuilder metadataName = new();
        StringBuilder fullName = new();
        StringBuilder escaped = new();
        AppendNamespace(type.ContainingNamespace, escaped, fullName);
        metadataName.Append(fullName);

        foreach (INamedTypeSymbol part in OutermostFirst(type))
        {
            metadataName.Append('+').Append(part.MetadataName);
            if (fullName.Length > 0)
                fullName.Append('.');
            fullName.Append(part.Name);
            types.Add(new TypeDeclaration(Keyword(part), Escape(part.Name), TypeParameters(part)));
        }

        string full = fullName.ToString();
        return new TypeIdentity(escaped.ToString(), new EquatableArray<TypeDeclaration>(types), full, HintName(full, metadataName.ToString()));
    }

    public static IEnumerable<INamedTypeSymbol> OutermostFirst(INamedTypeSymbol type)
    {
        Stack<INamedTypeSymbol> chain = new();
        for (INamedTypeSymbol? part = type; part is not null; part = part.ContainingType)
            chain.Push(part);
        return chain;
    }

    private static void AppendNamespace(INamespaceSymbol? space, StringBuilder escaped, StringBuilder plain)
    {
        if (space is null || space.IsGlobalNamespace)
            return;
        AppendNamespace(space.ContainingNamespace, escaped, plain);
        if (plain.Length > 0)
        {
            escaped.Append('.');
            plain.Append('.');
        }

        escaped.Append(Escape(space.Name));
        plain.Append(space.Name);
    }

    private static string Keyword(INamedTypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Interface } => "interface",
        { TypeKind: TypeKind.Struct, IsRecord: true } => "record struct",
        { TypeKind: TypeKind.Struct } => "struct",
        { IsRecord: true } => "record",
        { IsStatic: true } => "static class",
        _ => "class",
    };

    private static string TypeParameters(INamedTypeSymbol type) => type.TypeParameters.Length == 0
        ? ""
        : "<" + string.Join(", ", type.TypeParameters.Select(parameter => Escape(parameter.Name))) + ">";

    // Contextual keywords too: a type cannot be named 'required' or 'file' without the escape.
    private static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None
            ? "@" + name
            : name;

    // File names may be compared without case and hold few characters, so that different types could share the readable part; the
    // hash of the exact metadata name (namespace, nesting, arity) tells them apart.
    private static string HintName(string fullName, string metadataName)
    {
        StringBuilder stem = new();
        int from = Math.Max(0, fullName.Length - LongestStem);
        for (int i = from; i < fullName.Length; i++)
            stem.Append(fullName[i] is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') ? fullName[i] : '_');
        if (stem.Length == 0 || stem[0] is >= '0' and <= '9')
            stem.Insert(0, '_');

        const ulong FnvOffset = 14695981039346656037;
        const ulong FnvPrime = 1099511628211;
        ulong hash = FnvOffset;
        foreach (char c in metadataName)
            hash = unchecked((hash ^ c) * FnvPrime);
        uint folded = unchecked((uint)(hash ^ (hash >> 32)));
        return stem.Append('_').Append(folded.ToString("x8", System.Globalization.CultureInfo.InvariantCulture)).ToString();
    }
}
