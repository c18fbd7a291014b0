using KernelGen.Generator.Spec;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Surface;

internal static class ForwardMembers
{
    public static void WriteSpans(CodeWriter writer, KernelSpec spec)
    {
        writer.Doc($"""
            <summary>{SurfaceDocs.Equation(spec)}</summary>
            <remarks>The same bits for every batch composition, sequence split and instruction set with fused multiply-add. Allocates nothing once its workspace has grown.{SurfaceDocs.Storage(spec)}</remarks>
            {SurfaceDocs.Tensors(spec)}
            <param name="shape">B, T, H, and where they differ{(spec.Causal ? "" : " S and")} G and the layout.</param>
            {SurfaceDocs.Options(spec)}
            {SurfaceDocs.ArgumentErrors}
            {SurfaceDocs.WorkspaceErrors}
            """);
        writer.Line(SurfaceNames.GeneratedCode);
        writer.Line($"public static void Forward({Spans(spec)}, in global::KernelGen.AttentionShape shape, in {SurfaceNames.Options(spec)} options = default) =>");
        using (writer.Indent())
            writer.Line($"{SurfaceNames.TensorDriver(spec, "Forward")}(q, k, v, o, in shape, in options);");
    }

    public static void WriteStateful(CodeWriter writer, KernelSpec spec)
    {
        writer.Doc($"""
            <summary>Continues every sequence of <paramref name="state"/>, and advances it: the same bits as one call over the whole.</summary>
            <remarks>{SurfaceDocs.Equation(spec)}</remarks>
            {SurfaceDocs.Tensors(spec)}
            <param name="shape">B, T, H, and where they differ G and the layout. B (or the number of packed sequences) and H are the state's.</param>
            <param name="state">Made by <c>CreateState</c> or <c>ReadState</c> of a declaration of this variant.</param>
            {SurfaceDocs.Options(spec)}
            {SurfaceDocs.ArgumentErrors}
            {SurfaceDocs.StateErrors}
            """);
        writer.Line(SurfaceNames.GeneratedCode);
        writer.Line($"public static void Forward({Spans(spec)}, in global::KernelGen.AttentionShape shape, {SurfaceNames.State(spec)} state, in {SurfaceNames.Options(spec)} options = default) =>");
        using (writer.Indent())
            writer.Line($"{SurfaceNames.TensorDriver(spec, "Forward")}(q, k, v, o, in shape, state, in options);");
    }

    public static void WriteTensors(CodeWriter writer, KernelSpec spec)
    {
        string read = SurfaceNames.OfStored(spec, "System.Numerics.Tensors.ReadOnlyTensorSpan");
        string write = SurfaceNames.OfStored(spec, "System.Numerics.Tensors.TensorSpan");
        writer.Doc($"""
            <summary>{SurfaceDocs.Equation(spec)}</summary>
            <remarks>As the overload with spans; the tensors, dense and of rank 4, say their own shape.</remarks>
            {SurfaceDocs.Tensors(spec)}
            {SurfaceDocs.Options(spec)}
            <param name="layout">Order of tokens and heads, the same in all four.</param>
            {SurfaceDocs.ArgumentErrors}
            {SurfaceDocs.WorkspaceErrors}
            """);
        writer.Line(SurfaceNames.GeneratedCode);
        writer.Line($"public static void Forward(in {read} q, in {read} k, in {read} v, in {write} o, in {SurfaceNames.Options(spec)} options = default, global::KernelGen.TensorLayout layout = global::KernelGen.TensorLayout.SequenceFirst) =>");
        using (writer.Indent())
            writer.Line($"{SurfaceNames.TensorDriver(spec, "Forward")}(in q, in k, in v, in o, in options, layout);");
    }

    /// <summary>The parameters q, k, v and o as spans.</summary>
    public static string Spans(KernelSpec spec)
    {
        string read = SurfaceNames.ReadOnlySpan(spec);
        return $"{read} q, {read} k, {read} v, {SurfaceNames.Span(spec)} o";
    }
}
