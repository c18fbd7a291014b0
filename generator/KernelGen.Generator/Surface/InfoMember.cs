using KernelGen.Generator.Spec;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Surface;

internal static class InfoMember
{
    public static void Write(CodeWriter writer, KernelSpec spec)
    {
        writer.Doc("<summary>The kernels that calls use on this machine, their sizes and what a token costs.</summary>");
        writer.Line(SurfaceNames.GeneratedCode);
        writer.Line($"public static global::KernelGen.AttentionInfo Info => {SurfaceNames.Driver(spec, "Info")}();");
    }
}
