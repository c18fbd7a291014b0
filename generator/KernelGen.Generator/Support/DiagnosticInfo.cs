namespace KernelGen.Generator.Support;

/// <summary>One finding as plain values: which rule, where, and the arguments of its message. Nothing of the compilation is kept alive by it.</summary>
internal sealed record DiagnosticInfo(string Id, SourceSpan Where, EquatableArray<string> Arguments);

/// <summary>A place in a source file: as offsets, and as zero-based lines and columns.</summary>
internal sealed record SourceSpan(
    string Path,
    int Start,
    int Length,
    int StartLine,
    int StartColumn,
    int EndLine,
    int EndColumn);
