using KernelGen.Generator.Spec;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Surface;

/// <summary>Opens the namespace and the chain of partial types around a declared class's members.</summary>
internal static class TypeScope
{
    public static void Write(CodeWriter writer, TypeIdentity type, Action members)
    {
        if (type.Namespace.Length == 0)
        {
            WriteTypes(writer, type, 0, members);
            return;
        }

        using (writer.Block($"namespace {type.Namespace}"))
            WriteTypes(writer, type, 0, members);
    }

    private static void WriteTypes(CodeWriter writer, TypeIdentity type, int depth, Action members)
    {
        if (depth == type.Types.Count)
        {
            members();
            return;
        }

        TypeDeclaration declaration = type.Types[depth];
        using (writer.Block(Head(declaration)))
            WriteTypes(writer, type, depth + 1, members);
    }

    private static string Head(TypeDeclaration declaration)
    {
        // "partial" comes last among the modifiers: static partial class.
        const string modifier = "static ";
        bool isStatic = declaration.Keyword.StartsWith(modifier, StringComparison.Ordinal);
        string keyword = isStatic ? declaration.Keyword.Substring(modifier.Length) : declaration.Keyword;
        return $"{(isStatic ? modifier : "")}partial {keyword} {declaration.Name}{declaration.TypeParameters}";
    }
}
