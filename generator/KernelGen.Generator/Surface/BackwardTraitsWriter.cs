using KernelGen.Generator.Text;

namespace KernelGen.Generator.Surface;

/// <summary>Writes the backward pass's part of the struct that gives the runtime a declaration: its numbers, and the way to its phases.</summary>
internal static class BackwardTraitsWriter
{
    public static void WriteTraits(CodeWriter writer, BackwardModel model)
    {
        using (writer.Block($"Backward = new {SurfaceNames.Runtime}BackwardTraits", ","))
        {
            string type = SurfaceNames.Runtime + "BackwardPhase";
            using (writer.Block($"Phases = new {type}[]", ","))
            {
                foreach (BackwardPhaseModel phase in model.Phases)
                {
                    string window = phase.Window is { } layout ? KernelStructWriter.Window(layout) : "null";
                    writer.Line($"new {type}({SurfaceNames.Runtime}BackwardTokens.{phase.Name}, {CSharpText.Literal(phase.IsReversed)}, {CSharpText.Literal(phase.Folds)}, {window}),");
                }
            }

            foreach ((string name, int value) in Numbers(model).Concat(Projections(model).Where(n => n.Value >= 0)))
                writer.Line($"{name} = {CodeWriter.Text(value)},");
        }
    }

    /// <summary>By phase and part, then by level.</summary>
    public static void WriteDispatch(CodeWriter writer, string element, SurfaceModel model)
    {
        string part = SurfaceNames.Runtime + "PhasePart";
        using (writer.Block($"public static void Backward(global::KernelGen.InstructionSet level, int phase, {part} part, ref {SurfaceNames.Runtime}KernelFrame<{element}> frame)"))
        using (writer.Block("switch (phase, part)"))
        {
            for (int p = 0; p < model.Backward.Phases.Count; p++)
            {
                foreach ((string name, string method) in Parts(model.Backward.Phases[p]))
                {
                    writer.Line($"case ({CodeWriter.Text(p)}, {part}.{name}):");
                    using (writer.Indent())
                    {
                        LevelSwitch.Write(writer, model.Levels, kernels => $"{kernels.BackwardClassName}.{method}(ref frame);");
                        writer.Line("break;");
                    }
                }
            }

            writer.Line("default:");
            using (writer.Indent())
                writer.Line("break;");
        }
    }

    /// <summary>Parts of a phase, and the methods of the kernels' classes that they are.</summary>
    public static IEnumerable<(string Part, string Method)> Parts(BackwardPhaseModel phase)
    {
        yield return ("Sweep", phase.Name);
        if (phase.Window is null)
            yield break;
        yield return ("Contribute", phase.Name + "Contribute");
        yield return ("Fold", phase.Name + "Fold");
        if (phase.Window.Emits)
            yield return ("Emit", phase.Name + "Emit");
    }

    private static IEnumerable<(string Name, int Value)> Projections(BackwardModel model) =>
        [("ProjectionGradientOffset", model.ProjectionGradientOffset), ("KeyProjectionGradientOffset", model.KeyProjectionGradientOffset)];

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
