using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Golden;

/// <summary>What a case became: one or more declarations (which must all reproduce it), their inputs, and what to compare.</summary>
/// <param name="Name">System and file stem.</param>
/// <param name="Runs">Declarations and calls.</param>
/// <param name="Outputs">What the forward call computes.</param>
/// <param name="Gradients">What the backward call computes; empty where the file has no gradients.</param>
internal sealed record MappedCase(
    string Name, IReadOnlyList<MappedRun> Runs, IReadOnlyList<ExpectedArray<AttentionResult>> Outputs, IReadOnlyList<ExpectedArray<BackwardResult>> Gradients);

/// <summary>One declaration, still without an element type, and the call to make, forwards and (where gradients are compared) backwards.</summary>
internal sealed record MappedRun(Declaration Declaration, BackwardProblem Problem);

/// <summary>An array of the file that a call reproduces.</summary>
/// <param name="Name">As in the file and the report.</param>
/// <param name="Values">What the published system computed.</param>
/// <param name="Computed">Where a call's result has it; empty where a declaration does not compute it and another of the case does.</param>
internal sealed record ExpectedArray<TResult>(string Name, double[] Values, Func<TResult, double[]> Computed);
