using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Surface;

/// <summary>Writes the struct that gives the runtime a dense layer's facts and kernels.</summary>
internal static class DenseStructWriter
{
    private static readonly string[] s_phases = ["Forward", "Inputs", "Slopes", "InputGradient", "InputBackward", "WeightGradient"];

    public static string Name(DenseSpec spec) => spec.Stem + "Dense";

    public static void Write(CodeWriter writer, DenseSpec spec, DenseModel model)
    {
        string element = SurfaceNames.Element(spec.ElementType);
        writer.Line(SurfaceNames.GeneratedCode);
        writer.Line(SurfaceNames.Hidden);
        using (writer.Block($"internal readonly struct {Name(spec)} : {SurfaceNames.Runtime}IDenseKernel<{element}>"))
        {
            WriteTraits(writer, spec, model);
            writer.Line();
            string phase = SurfaceNames.Runtime + "DensePhase";
            using (writer.Block($"public static void Run(global::KernelGen.InstructionSet level, {phase} phase, ref {SurfaceNames.Runtime}DenseFrame<{element}> frame)"))
            using (writer.Block("switch (phase)"))
            {
                foreach (DensePhaseModel method in model.Phases)
                {
                    writer.Line($"case {phase}.{method.Name}:");
                    using (writer.Indent())
                    {
                        LevelSwitch.Write(writer, model.Levels, kernels => $"{kernels.ClassName}.{method.Name}(ref frame);");
                        writer.Line("break;");
                    }
                }

                writer.Line("default:");
                using (writer.Indent())
                    writer.Line("break;");
            }
        }
    }

    private static void WriteTraits(CodeWriter writer, DenseSpec spec, DenseModel model)
    {
        string type = SurfaceNames.Runtime + "DenseTraits";
        using (writer.Block($"public static {type} Traits {{ get; }} = new {type}", ";"))
        {
            writer.Line($"Name = {CSharpText.Literal(spec.Type.FullName + (spec.Part.Length == 0 ? "" : "." + spec.Part))},");
            writer.Line($"Equation = {CSharpText.Literal(spec.Equation)},");
            writer.Line($"Inputs = {CodeWriter.Text(spec.Inputs)},");
            writer.Line($"Outputs = {CodeWriter.Text(spec.Outputs)},");
            writer.Line($"IsGated = {CSharpText.Literal(spec.IsGated)},");
            writer.Line($"HasBias = {CSharpText.Literal(spec.HasBias)},");
            writer.Line($"PreparesInput = {CSharpText.Literal(spec.Input != DenseInput.Plain)},");
            writer.Line($"IsLinear = {CSharpText.Literal(spec.IsLinear)},");
            writer.Line($"InstructionSets = {string.Join(" | ", model.Levels.OrderBy(l => l.Level).Select(l => "global::KernelGen.InstructionSets." + SurfaceNames.Levels[l.Level]))},");
            writer.Line($"Rows = new int[] {{ {string.Join(", ", s_phases.Select(name => CodeWriter.Text(model.Phases.FirstOrDefault(p => p.Name == name)?.Rows ?? 0)))} }},");
            writer.Line($"TokenChunk = {CodeWriter.Text(model.TokenChunk)},");
            writer.Line($"PanelWidth = {CodeWriter.Text(model.PanelWidth)},");
            writer.Line($"ScratchLength = {CodeWriter.Text(model.ScratchLength)},");
            writer.Line($"RegisterTiles = new string[] {{ {string.Join(", ", SurfaceNames.Levels.Select((_, level) => CSharpText.Literal(Tile(model.Levels, level))))} }},");
        }
    }

    private static string Tile(EquatableArray<LevelKernels> levels, int level) => levels.FirstOrDefault(l => l.Level == level)?.RegisterTile ?? "not emitted";
}
