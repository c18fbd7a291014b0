using KernelGen.Generator.Backends.Cpu;
using KernelGen.Generator.Expressions;
using KernelGen.Generator.Plans.Dense;
using KernelGen.Generator.Schedule;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using KernelGen.Generator.Surface;
using KernelGen.Generator.Text;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator;

/// <summary>From a dense layer to the files of its class: one for the surface, one a target.</summary>
internal static class DenseCompiler
{
    public static IReadOnlyList<(string HintName, string Source)> Compile(DenseSpec spec)
    {
        (DenseModel model, IReadOnlyList<(string, string)> kernels) = Kernels(spec);
        return [(spec.Stem + ".g.cs", DenseSurfaceWriter.Write(spec, model)), .. kernels];
    }

    /// <summary>The kernels' files of a layer, and what a surface must know of them.</summary>
    public static (DenseModel Model, IReadOnlyList<(string HintName, string Source)> Files) Kernels(DenseSpec spec)
    {
        EquatableArray<TileProgram> phases = DensePlan.Build(spec);
        MemoryPlan memory = new(phases, stages: false);
        Target[] targets = Target.All.Where(t => (spec.InstructionSets & (1 << t.Level)) != 0).ToArray();
        List<(string, string)> files = [];
        foreach (Target target in targets)
            files.Add(($"{spec.Stem}.Dense.{target.Name}.g.cs", CpuKernelWriter.Write(KernelClass(spec, target), Header(spec, phases, memory, target), phases, memory, target)));
        return (new DenseModel
        {
            Phases = new EquatableArray<DensePhaseModel>(phases.Select(p => new DensePhaseModel(p.Name, TileProgram.Assigns(p.Ops[p.Ops.Count - 1])[0].Target.Rows.Size))),
            TokenChunk = DenseRule.TokenChunk,
            PanelWidth = PanelBlocking.Width(spec.ElementBytes),
            ScratchLength = memory.ScratchLength,
            Levels = new EquatableArray<LevelKernels>(targets.Select(t =>
            {
                Panel tile = PanelBlocking.Tiles(t, spec.ElementBytes)[0];
                string text = $"{CodeWriter.Text(tile.Rows)} x {CodeWriter.Text(tile.Vectors * t.Lanes(spec.ElementBytes))}", name = $"global::KernelGen.Generated.{KernelClass(spec, t)}";
                return new LevelKernels(t.Level, name, name, text);
            })),
        }, files);
    }

    private static string KernelClass(DenseSpec spec, Target target) => $"{spec.Stem}Dense{target.Name}";

    private static IEnumerable<string> Header(DenseSpec spec, EquatableArray<TileProgram> phases, MemoryPlan memory, Target target)
    {
        yield return $"{spec.Type.FullName}{(spec.Part.Length == 0 ? "" : ", " + spec.Part)}, a dense layer for {target.Name}.";
        yield return "";
        yield return spec.Equation;
        yield return $"x [tokens, {CodeWriter.Text(spec.Inputs)}]  W [{CodeWriter.Text(spec.WeightRows)}, {CodeWriter.Text(spec.Inputs)}]  y [tokens, {CodeWriter.Text(spec.Outputs)}]  float{CodeWriter.Text(spec.ElementBytes * 8)}; a block of rows a call.";
        yield return $"f(z) = {ExprText.Of(spec.Activation, _ => "z")}";
        foreach (TileProgram program in phases)
        {
            yield return "";
            foreach (string line in TileText.Lines(program))
                yield return line;
            yield return "";
            foreach (string line in ScheduleText.Lines(program, memory, target))
                yield return line;
        }
    }
}
