using KernelGen.Generator.Spec;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Surface;

/// <summary>Sentences that the members' documentation shares, with the declaration's own numbers.</summary>
internal static class SurfaceDocs
{
    private static string Tokens(KernelSpec spec) => spec.Causal ? "T" : "S";

    public static string D(KernelSpec spec) => CodeWriter.Text(spec.HeadDim);

    public static string E(KernelSpec spec) => CodeWriter.Text(spec.ValueDim);

    public static string Equation(KernelSpec spec) => CSharpText.Xml(spec.Equation);

    /// <summary>What is said of tensors in a 16-bit format; nothing of others.</summary>
    public static string Storage(KernelSpec spec) => spec.Storage == ElementStorage.Unchanged
        ? ""
        : $" Tensors are {spec.Storage.ToString().ToLowerInvariant()}'s, widened exactly and rounded once, to infinity beyond the largest number; arithmetic, states and options are float's.";

    /// <summary>The four tensors of a whole call, with B, T, S, H and G of the shape.</summary>
    public static string Tensors(KernelSpec spec) => $"""
        <param name="q">Queries, [B, T, H, {D(spec)}].</param>
        <param name="k">Keys, [B, {Tokens(spec)}, G, {D(spec)}].</param>
        <param name="v">Values, [B, {Tokens(spec)}, G, {E(spec)}].</param>
        <param name="o">Outputs, [B, T, H, {E(spec)}]; written, and must not overlap anything that is read.</param>
        """;

    /// <summary>The seven tensors of a backward call.</summary>
    public static string GradientTensors(KernelSpec spec) => $"""
        <param name="q">Queries, [B, T, H, {D(spec)}].</param>
        <param name="k">Keys, [B, {Tokens(spec)}, G, {D(spec)}].</param>
        <param name="v">Values, [B, {Tokens(spec)}, G, {E(spec)}].</param>
        <param name="dO">Gradient of the outputs, [B, T, H, {E(spec)}].</param>
        <param name="dq">Gradient of the queries, [B, T, H, {D(spec)}]; written, as dk and dv, and must not overlap anything that is read.</param>
        <param name="dk">Gradient of the keys, [B, {Tokens(spec)}, G, {D(spec)}], the sum over the query heads that share a key head; zero where padding.</param>
        <param name="dv">Gradient of the values, [B, {Tokens(spec)}, G, {E(spec)}], like dk.</param>
        """;

    public static string BackwardOptions(KernelSpec spec) =>
        "<param name=\"options\">" + Needed(spec, "[B, T, H]")
        + "packed sequences, key padding and initial state as in the forward call, the final state's gradient, gradients of the initial state"
        + (spec.Decay switch { DecayKind.PerHead => " and the slopes", DecayKind.PerToken or DecayKind.Convex => " and the log gates", _ => "" }) + ", workspace, a cap on the instruction set.</param>";

    /// <param name="spec">The declaration.</param>
    /// <param name="gates">Shape of the log gates of such a call.</param>
    public static string Options(KernelSpec spec, string gates = "[B, T, H]") =>
        "<param name=\"options\">" + Needed(spec, gates)
        + "packed sequences, key padding, states, workspace, a cap on the instruction set.</param>";

    private static string Needed(KernelSpec spec, string gates)
    {
        string projection = spec.Projects ? $"the projection, [{CodeWriter.Text(spec.ProjectedDim)}, {D(spec)}]" : "";
        string decay = spec.Decay switch
        {
            DecayKind.PerHead => "the slopes, [H]",
            DecayKind.PerToken or DecayKind.Convex => $"the log gates, {gates}",
            _ => "",
        };
        string needed = string.Join(", ", new[] { projection, decay }.Where(part => part.Length > 0));
        return needed.Length == 0 ? "What is optional: " : $"{char.ToUpperInvariant(needed[0])}{needed.Substring(1)}, and what is optional: ";
    }

    public const string ArgumentErrors =
        "<exception cref=\"T:System.ArgumentException\">A length, a shape or an option is wrong; the message names it, what was expected and what came. Nothing has been written.</exception>";

    public const string WorkspaceErrors =
        "<exception cref=\"T:System.InvalidOperationException\">Another call is using the workspace.</exception>";

    public const string StateErrors = """
        <exception cref="T:System.ObjectDisposedException">The state has been disposed of.</exception>
        <exception cref="T:System.InvalidOperationException">Another call is using the state or the workspace.</exception>
        """;
}
