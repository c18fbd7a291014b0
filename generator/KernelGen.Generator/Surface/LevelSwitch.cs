using KernelGen.Generator.Support;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Surface;

/// <summary>Goes to the level's own kernels; Scalar is where everything else ends.</summary>
internal static class LevelSwitch
{
    public static void Write(CodeWriter writer, EquatableArray<LevelKernels> levels, Func<LevelKernels, string> call)
    {
        using (writer.Block("switch (level)"))
        {
            foreach (LevelKernels kernels in levels.Where(l => l.Level != 0).OrderByDescending(l => l.Level))
                Case($"case global::KernelGen.InstructionSet.{SurfaceNames.Levels[kernels.Level]}:", kernels);
            Case("default:", levels.Single(l => l.Level == 0));
        }

        void Case(string label, LevelKernels kernels)
        {
            writer.Line(label);
            using (writer.Indent())
            {
                writer.Line(call(kernels));
                writer.Line("break;");
            }
        }
    }
}
