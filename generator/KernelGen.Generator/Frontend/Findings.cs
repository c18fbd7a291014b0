using KernelGen.Generator.Support;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Frontend;

/// <summary>
/// Collects what is wrong with one declaration. The generator asks only whether it is fit (<see cref="IsQuiet"/>); the analyzer wants
/// every finding, in full.
/// </summary>
internal sealed class Findings(bool isQuiet)
{
    private readonly List<DiagnosticInfo> _all = new();

    /// <summary>Nobody will read the findings: warnings need not be looked for, and one error is enough.</summary>
    public bool IsQuiet { get; } = isQuiet;

    /// <summary>There is an error, so there can be no spec.</summary>
    public bool IsUnfit { get; private set; }

    public EquatableArray<DiagnosticInfo> ToArray() => new(_all.Distinct());

    /// <summary>There can be no spec, for a reason that is reported elsewhere: by the compiler, or with another declaration.</summary>
    public void Reject() => IsUnfit = true;

    public void Add(DiagnosticDescriptor rule, Location where, params string[] arguments)
    {
        if (rule.DefaultSeverity == DiagnosticSeverity.Error)
            IsUnfit = true;
        if (!IsQuiet)
            _all.Add(new DiagnosticInfo(rule.Id, Span(where), arguments));
    }

    private static SourceSpan Span(Location where)
    {
        FileLinePositionSpan lines = where.GetLineSpan();
        return new SourceSpan(
            lines.Path,
            where.SourceSpan.Start,
            where.SourceSpan.Length,
            lines.StartLinePosition.Line,
            lines.StartLinePosition.Character,
            lines.EndLinePosition.Line,
            lines.EndLinePosition.Character);
    }
}
