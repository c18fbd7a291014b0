using KernelGen.Generator.Text;

namespace KernelGen.Generator.Surface;

/// <summary>Writes the backward pass's part of the struct that gives the runtime a declaration: its numbers, and the way to its phases.</summary>
internal static class BackwardTraitsWriter
{
    public static void WriteTraits(CodeWriter writer, BackwardModel model)
    {
        using (writer.Block($"Backward = new {SurfaceNames.Runtime}BackwardTraits", ","))
        {
            string tokens = SurfaceNames.Runtime + "BackwardTokens";
            writer.Line($"Phases = new {tokens}[] {{ {string.Join(", ", model.Phases.Select(phase => $"{tokens}.{phase}"))} }},");
            foreach ((string name, int value) in Numbers(model))
                writer.Line($"{name} = {CodeWriter.Text(value)},");
        }
    }

    /// <summary>By phase, then by level.</summary>
    public static void WriteDispatch(CodeWriter writer, string element, SurfaceModel model)
    {
        using (writer.Block($"public static void Backward(global::KernelGen.InstructionSet level, int phase, ref {SurfaceNames.Runtime}KernelFrame<{element}> frame)"))
        using (writer.Block("switch (phase)"))
        {
            for (int p = 0; p < model.Backward.Phases.Count; p++)
            {
                string phase = model.Backward.Phases[p];
                writer.Line(p == model.Backward.Phases.Count - 1 ? "default:" : $"case {CodeWriter.Text(p)}:");
                using (writer.Indent())
                {
                    LevelSwitch.Write(writer, model.Levels, kernels => $"{kernels.BackwardClassName}.{phase}(ref frame);");
                    writer.Line("break;");
                }
            }
        }
    }

    private static IEnumerable<(string Name, int Value)> Numbers(BackwardModel model) =>
    [
        ("BlockLength", model.BlockLength),
        ("TransposedSumOffset", model.TransposedSumOffset),
        ("TransposedSumStride", model.TransposedSumStride),
        ("NormalizerOffset", model.NormalizerOffset),
        ("SumGradientOffset", model.SumGradientOffset),
        ("SumGradientStride", model.SumGradientStride),
        ("NormalizerGradientOffset", model.NormalizerGradientOffset),
        ("ScratchLength", model.ScratchLength),
        ("TokenElements", model.TokenElements),
        ("QueryFlow", model.QueryFlow),
        ("KeyFlow", model.KeyFlow),
    ];
}
