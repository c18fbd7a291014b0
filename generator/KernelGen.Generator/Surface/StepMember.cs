using KernelGen.Generator.Spec;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Surface;

internal static class StepMember
{
    public static void Write(CodeWriter writer, KernelSpec spec)
    {
        writer.Doc($"""
            <summary>Decodes one token of every sequence of <paramref name="state"/>, and advances it: the same bits as the same token in a longer call.</summary>
            <remarks>{SurfaceDocs.Equation(spec)}</remarks>
            <param name="q">Queries, [N, H, {SurfaceDocs.D(spec)}].</param>
            <param name="k">Keys, [N, G, {SurfaceDocs.D(spec)}], where G divides H.</param>
            <param name="v">Values, [N, G, {SurfaceDocs.E(spec)}].</param>
            <param name="o">Outputs, [N, H, {SurfaceDocs.E(spec)}]; written, and must not overlap anything that is read.</param>
            <param name="state">Made by <c>CreateState</c> or <c>ReadState</c> of a declaration of this variant.</param>
            {SurfaceDocs.Options(spec, "[N, H]")}
            {SurfaceDocs.ArgumentErrors}
            {SurfaceDocs.StateErrors}
            """);
        writer.Line(SurfaceNames.GeneratedCode);
        writer.Line($"public static void Step({ForwardMembers.Spans(spec)}, {SurfaceNames.State(spec)} state, in {SurfaceNames.Options(spec)} options = default) =>");
        using (writer.Indent())
            writer.Line($"{SurfaceNames.TensorDriver(spec, "Step")}(q, k, v, o, state, in options);");
    }
}
