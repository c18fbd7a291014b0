using KernelGen.Generator.Spec;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Frontend;

/// <summary>Whether a class's own members leave the names of generated ones alone.</summary>
internal static class MemberNames
{
    public static void Check(INamedTypeSymbol type, TypeIdentity identity, IEnumerable<string> generated, Findings findings)
    {
        foreach (string name in generated)
        {
            if (type.Name == name)
                findings.Add(Diagnostics.MemberNameTaken, type.Locations[0], name, type.Name);
            foreach (ISymbol member in type.GetMembers(name))
            {
                // The analyzer sees the class with its generated half.
                Location? own = member.Locations.FirstOrDefault(where => where.IsInSource && !IsGenerated(where, identity));
                if (own is not null)
                    findings.Add(Diagnostics.MemberNameTaken, own, name, type.Name);
            }
        }
    }

    // Files of generated code are named after the class, as no file of a user's is: the name ends in a hash.
    private static bool IsGenerated(Location where, TypeIdentity identity)
    {
        string path = where.SourceTree?.FilePath ?? "";
        int slash = Math.Max(path.LastIndexOf('/'), path.LastIndexOf('\\'));
        return string.CompareOrdinal(path, slash + 1, identity.HintName + ".", 0, identity.HintName.Length + 1) == 0;
    }
}
