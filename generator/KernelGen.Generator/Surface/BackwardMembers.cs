using KernelGen.Generator.Spec;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Surface;

internal static class BackwardMembers
{
    public static void WriteSpans(CodeWriter writer, KernelSpec spec)
    {
        writer.Doc($"""
            <summary>Gradients of q, k and v, given the gradient dO of the outputs of <c>Forward</c> with the same q, k, v, shape and options.</summary>
            <remarks>{SurfaceDocs.Equation(spec)}; L = &lt;o, dO&gt;, and what depends on the final state where <c>options.FinalStateGradient</c> says so. The outputs themselves are not needed: what the backward pass wants of them it computes again. The same bits for every batch composition and instruction set with fused multiply-add. Allocates nothing once its workspace has grown.{SurfaceDocs.Storage(spec)}</remarks>
            {SurfaceDocs.GradientTensors(spec)}
            <param name="shape">B, T, H, and where they differ{(spec.Causal ? "" : " S and")} G and the layout.</param>
            {SurfaceDocs.BackwardOptions(spec)}
            {SurfaceDocs.ArgumentErrors}
            {SurfaceDocs.WorkspaceErrors}
            """);
        writer.Line(SurfaceNames.GeneratedCode);
        string read = SurfaceNames.ReadOnlySpan(spec);
        string write = SurfaceNames.Span(spec);
        writer.Line($"public static void Backward({read} q, {read} k, {read} v, {read} dO, {write} dq, {write} dk, {write} dv, in global::KernelGen.AttentionShape shape, in {SurfaceNames.BackwardOptions(spec)} options = default) =>");
        using (writer.Indent())
            writer.Line($"{SurfaceNames.TensorDriver(spec, "Backward")}(q, k, v, dO, dq, dk, dv, in shape, in options);");
    }

    public static void WriteTensors(CodeWriter writer, KernelSpec spec)
    {
        string read = SurfaceNames.OfStored(spec, "System.Numerics.Tensors.ReadOnlyTensorSpan");
        string write = SurfaceNames.OfStored(spec, "System.Numerics.Tensors.TensorSpan");
        writer.Doc($"""
            <summary>Gradients of q, k and v, given the gradient dO of the outputs of <c>Forward</c> with the same q, k, v and options.</summary>
            <remarks>As the overload with spans; the tensors, dense and of rank 4, say their own shape.</remarks>
            {SurfaceDocs.GradientTensors(spec)}
            {SurfaceDocs.BackwardOptions(spec)}
            <param name="layout">Order of tokens and heads, the same in all seven.</param>
            {SurfaceDocs.ArgumentErrors}
            {SurfaceDocs.WorkspaceErrors}
            """);
        writer.Line(SurfaceNames.GeneratedCode);
        writer.Line($"public static void Backward(in {read} q, in {read} k, in {read} v, in {read} dO, in {write} dq, in {write} dk, in {write} dv, in {SurfaceNames.BackwardOptions(spec)} options = default, global::KernelGen.TensorLayout layout = global::KernelGen.TensorLayout.SequenceFirst) =>");
        using (writer.Indent())
            writer.Line($"{SurfaceNames.TensorDriver(spec, "Backward")}(in q, in k, in v, in dO, in dq, in dk, in dv, in options, layout);");
    }
}
