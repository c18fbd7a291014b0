using KernelGen.Generator.Backends.Cpu;
using KernelGen.Generator.Plans;
using KernelGen.Generator.Schedule;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using KernelGen.Generator.Surface;
using KernelGen.Generator.Text;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator;

/// <summary>From a declaration to the files of its class: one for the surface, one for each pass and target.</summary>
internal static class Compiler
{
    public static IReadOnlyList<(string HintName, string Source)> Compile(KernelSpec spec)
    {
        (SurfaceModel model, IReadOnlyList<(string, string)> kernels) = Kernels(spec);
        List<(string, string)> files = [(spec.Type.HintName + ".g.cs", SurfaceWriter.Write(spec, model)), .. kernels];
        if (spec.HasGpu)
            files.Add(($"{spec.Type.HintName}.Gpu.g.cs", GpuCompiler.Write(spec)));
        return files;
    }

    /// <summary>The kernels' files of a declaration, and what a surface must know of them.</summary>
    public static (SurfaceModel Model, IReadOnlyList<(string HintName, string Source)> Files) Kernels(KernelSpec spec)
    {
        KernelPrograms programs = Programs(spec);
        KernelPass forward = KernelPass.Of("Forward", programs.Forward, prefixes: false), backward = KernelPass.Of("Backward", programs.Backward.Phases, prefixes: true);
        Target[] targets = Target.All.Where(t => (spec.InstructionSets & (1 << t.Level)) != 0).ToArray();
        string stem = spec.Type.HintName;

        List<(string, string)> files = [];
        foreach (Target target in targets)
        {
            Add(forward, target);
            Add(backward, target);
        }

        return (Model(spec, programs, forward, backward, targets), files);

        void Add(KernelPass pass, Target target)
        {
            string source = CpuKernelWriter.Write(KernelClass(spec, pass, target), Header(spec, pass, target), pass.Phases, pass.Memory, target);
            files.Add(($"{stem}.{pass.Name}.{target.Name}.g.cs", source));
        }
    }

    /// <summary>The tile programs of a declaration.</summary>
    public static KernelPrograms Programs(KernelSpec spec) => spec.Plan switch
    {
        PlanKind.KernelState => KernelStatePlan.Build(spec),
        _ => throw new InvalidOperationException($"no plan for {spec.Plan}"),
    };

    private static string KernelClass(KernelSpec spec, KernelPass pass, Target target) => $"{spec.Type.HintName}{pass.Name}{target.Name}";

    private static SurfaceModel Model(KernelSpec spec, KernelPrograms programs, KernelPass forward, KernelPass backward, Target[] targets)
    {
        MemoryPlan memory = forward.Memory;
        StateParts parts = programs.State;
        int bytes = programs.Forward[0].ElementBytes;
        TileOp.Gemm widest = programs.Forward.SelectMany(p => p.AllOps).OfType<TileOp.Gemm>().First(g => g.Assigns[0].Target.Role == TileRole.Output);
        return new SurfaceModel
        {
            Variant = VariantText.Of(spec),
            FeatureDim = parts.Sum.Rows.Size,
            State = new StateBlockLayout
            {
                Length = memory.StateLength,
                SumOffset = memory.OffsetOf(parts.Sum),
                SumStride = memory.State(parts.Sum).Stride,
                SumCompensationOffset = memory.OffsetOf(parts.SumCompensation),
                NormalizerOffset = memory.OffsetOf(parts.Normalizer),
                NormalizerCompensationOffset = memory.OffsetOf(parts.NormalizerCompensation),
                ChunkOffset = memory.ChunkOffset,
            },
            ScratchLength = memory.ScratchLength,
            UsefulFlopsPerToken = 4L * ((parts.Sum.Rows.Size * parts.Sum.Columns.Size) + (spec.Projects ? spec.ProjectedDim * spec.HeadDim : 0)),
            HasRead = programs.Forward.Count > 1,
            Window = forward.Window(programs.Forward[0]),
            Levels = new EquatableArray<LevelKernels>(targets.Select(t =>
            {
                Panel panel = Blocking.Panels(t, bytes, widest)[0];
                string tile = $"{CodeWriter.Text(panel.Rows)} x {CodeWriter.Text(panel.Vectors * t.Lanes(bytes))}";
                return new LevelKernels(
                    t.Level, $"global::KernelGen.Generated.{KernelClass(spec, forward, t)}", $"global::KernelGen.Generated.{KernelClass(spec, backward, t)}", tile);
            })),
            Backward = Model(programs.Backward, backward),
        };
    }

    private static BackwardModel Model(BackwardPrograms programs, KernelPass pass)
    {
        MemoryPlan memory = pass.Memory;
        return new BackwardModel
        {
            Phases = new EquatableArray<BackwardPhaseModel>(programs.Phases.Select(phase =>
            {
                TileOp.ForChunks loop = phase.Ops.OfType<TileOp.ForChunks>().Last();
                return new BackwardPhaseModel(phase.Name, loop.Grid == ChunkGrid.RightToLeft, loop.Close.Count > 0, pass.Window(phase));
            })),
            BlockLength = memory.StateLength,
            TransposedSumOffset = memory.OffsetOf(programs.TransposedSum),
            TransposedSumStride = memory.State(programs.TransposedSum).Stride,
            NormalizerOffset = memory.OffsetOf(programs.Normalizer),
            SumGradientOffset = memory.OffsetOf(programs.SumGradient),
            SumGradientStride = memory.State(programs.SumGradient).Stride,
            NormalizerGradientOffset = memory.OffsetOf(programs.NormalizerGradient),
            ScratchLength = memory.ScratchLength,
            TokenElements = memory.TokenElements,
            QueryFlow = memory.TokenIndex(programs.QueryFlow),
            KeyFlow = memory.TokenIndex(programs.KeyFlow),
            ProjectionGradientOffset = memory.OffsetOf(programs.ProjectionGradient),
            KeyProjectionGradientOffset = memory.OffsetOf(programs.KeyProjectionGradient),
        };
    }

    /// <summary>What an emitted file opens with: the equation, the shapes, the tile program, the schedule.</summary>
    private static IEnumerable<string> Header(KernelSpec spec, KernelPass pass, Target target)
    {
        string arithmetic = spec.ElementType == ElementType.Float64 ? "float64" : "float32";
        string kind = spec.Storage == ElementStorage.Unchanged ? arithmetic : $"{spec.Storage.ToString().ToLowerInvariant()}, arithmetic in {arithmetic}";
        yield return $"{spec.Type.FullName}, {spec.System}, {pass.Name.ToLowerInvariant()} for {target.Name}.";
        yield return "";
        yield return spec.Equation;
        yield return $"q, k [tokens, {CodeWriter.Text(spec.HeadDim)}]  v, o [tokens, {CodeWriter.Text(spec.ValueDim)}]  {kind}, chunks of {CodeWriter.Text(spec.ChunkSize)}; one sequence and head a call.";
        yield return $"phi(q) = {FeatureMaps.Describe(spec.QueryMap)}; phi(k) = {FeatureMaps.Describe(spec.KeyMap)}";
        foreach (TileProgram program in pass.Phases)
        {
            yield return "";
            foreach (string line in TileText.Lines(program))
                yield return line;
            yield return "";
            foreach (string line in ScheduleText.Lines(program, pass.Memory, target))
                yield return line;
        }
    }
}
