using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Golden;

/// <summary>What a case became: one or more declarations (which must all reproduce it), their inputs, and what to compare.</summary>
internal sealed record MappedCase(string Name, IReadOnlyList<MappedRun> Runs, IReadOnlyList<ExpectedArray> Expected);

/// <summary>One declaration, still without an element type, and the call to make.</summary>
internal sealed record MappedRun(Declaration Declaration, AttentionProblem Problem);

/// <summary>An array of the file that a call reproduces. Gradients will be more of these, with a tolerance of their own.</summary>
/// <param name="Name">As in the file and the report.</param>
/// <param name="Values">What the published system computed.</param>
/// <param name="Computed">Where a call's result has it.</param>
internal sealed record ExpectedArray(string Name, double[] Values, Func<AttentionResult, double[]> Computed);
