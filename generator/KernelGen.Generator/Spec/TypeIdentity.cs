using KernelGen.Generator.Support;

namespace KernelGen.Generator.Spec;

/// <summary>
/// Where generated members go: the namespace and the chain of types from the outermost to the declared one, as C# text that can be
/// written as it is (keywords already escaped).
/// </summary>
/// <param name="Namespace">Dotted, escaped; empty for the global namespace.</param>
/// <param name="Types">Outermost first; the last is the declared class.</param>
/// <param name="FullName">Dotted name without escapes or type parameters, for docs and messages.</param>
/// <param name="HintName">Unique, file-name-safe stem for generated files and for the kernels' own class names: a valid identifier.</param>
internal sealed record TypeIdentity(string Namespace, EquatableArray<TypeDeclaration> Types, string FullName, string HintName);

/// <param name="Keyword"><c>class</c>, <c>struct</c>, <c>record</c>, <c>record struct</c> or <c>interface</c>, with <c>static</c> before it where the declaration is static.</param>
/// <param name="Name">Escaped identifier.</param>
/// <param name="TypeParameters"><c>&lt;T, U&gt;</c> or empty.</param>
internal sealed record TypeDeclaration(string Keyword, string Name, string TypeParameters);
