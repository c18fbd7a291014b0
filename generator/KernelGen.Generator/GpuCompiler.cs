using KernelGen.Generator.Backends.Gpu;
using KernelGen.Generator.Plans;
using KernelGen.Generator.Schedule.Gpu;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Surface;
using KernelGen.Generator.Text;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator;

/// <summary>
/// The GPU's kernels of a declaration. A GPU has chunk sizes of its own, one for each phase: promises about bits are between CPU targets, and shared memory decides here.
/// Features or values are cut into slices where a whole state would not fit into a block's registers.
/// </summary>
internal sealed class GpuCompiler
{
    private static readonly int[] s_chunks = [32, 16];

    /// <summary>A step's tokens are one row of a thread's eight.</summary>
    private static readonly int[] s_stepChunks = [GpuGrid.TileRows];
    private static readonly GpuParameter[] s_forwardParameters = [.. Tensors("k", "q", "v", "o"), new("mask", GpuParameterKind.Flags)];

    /// <summary>Gradients of keys and values are single: the heads of a group are added before they are rounded.</summary>
    private static readonly GpuParameter[] s_backwardParameters =
    [
        .. Tensors("dO", "k", "q", "v"), new("dk", GpuParameterKind.Single), .. Tensors("dq"), new("dv", GpuParameterKind.Single), new("mask", GpuParameterKind.Flags),
        .. new[] { "dn", "inv", "kflow", "qflow" }.Select(name => new GpuParameter(name, GpuParameterKind.Single)),
    ];

    private GpuCompiler(GpuStateLayout states, IReadOnlyList<GpuKernel> forward, GpuKernel state, GpuKernel? step, IReadOnlyList<GpuKernel> backward) =>
        (States, Forward, State, Step, Backward) = (states, forward, state, step, backward);

    public GpuStateLayout States { get; }

    /// <summary>The forward pass, in order.</summary>
    public IReadOnlyList<GpuKernel> Forward { get; }

    /// <summary>What a run of chunks adds to the state: a kernel of its own, or the forward pass's first.</summary>
    public GpuKernel State { get; }

    /// <summary>The forward pass of a causal declaration for calls of a few tokens.</summary>
    public GpuKernel? Step { get; }

    public IReadOnlyList<GpuKernel> Backward { get; }

    /// <summary>The declaration's GPU file: kernels and the member that reaches them, or a member that says why there are none to whoever calls it.</summary>
    public static string Write(KernelSpec spec)
    {
        if (spec.ElementType != ElementType.Float32)
            return GpuSurfaceWriter.WriteMissing(spec, "kernels for GPUs compute in float32, and this declaration is float64's");
        if (!SeparateBackward.Supports(spec))
            return GpuSurfaceWriter.WriteMissing(spec, "log gates by token, projected features and normalisers other than R + eps have kernels for CPUs only");
        return Of(spec)?.Text(spec)
            ?? GpuSurfaceWriter.WriteMissing(spec, $"with HeadDim {CodeWriter.Text(spec.HeadDim)} and ValueDim {CodeWriter.Text(spec.ValueDim)} a thread block's tiles take more than 48 KiB of shared memory");
    }

    /// <summary>The longest chunks, and among those the fewest slices, that fit each phase; null where none do.</summary>
    private static GpuCompiler? Of(KernelSpec spec)
    {
        KernelPrograms whole = KernelStatePlan.Build(spec);
        GpuKernel?[] forward = [.. whole.Forward.Select((p, i) => Fit(spec, new SlicedPhase(p.Name, SliceAxis.Values, s => KernelStatePlan.Build(s).Forward[i], []), keepsState: true))];
        GpuKernel? state = spec.Causal ? Fit(spec, SeparateBackward.StatePhase, keepsState: true) : forward[0];
        GpuKernel? step = spec.Causal
            ? Fit(spec, new SlicedPhase("Step", SliceAxis.Values, s => KernelStatePlan.Build(s).Forward[0] with { Name = "Step" }, []), keepsState: true, s_stepChunks)
            : null;
        GpuKernel?[] backward = [.. SeparateBackward.Phases(spec).Select(p => Fit(spec, p, keepsState: p.Name == SeparateBackward.StateGradient))];
        if (state is null || (spec.Causal && step is null) || forward.Concat(backward).Any(k => k is null))
            return null;
        GpuStateLayout states = GpuStateLayout.Of(whole.Forward.SelectMany(p => p.Tiles).Where(t => t.Role == TileRole.State).Distinct(), SeparateBackward.Parts);
        return new GpuCompiler(states, forward!, state, step, backward!);
    }

    private string Text(KernelSpec spec)
    {
        GpuKernel[] all = [.. Forward.Append(State).Concat(Step is null ? [] : [Step]).Concat(Backward).Distinct()];
        return GpuSurfaceWriter.Write(
            spec,
            new GpuModel(spec.Type.HintName + "Gpu", States, Forward, State, Step, Backward),
            Header(spec, all),
            writer =>
            {
                Dictionary<string, int> parts = Backward.SelectMany(k => k.Slices.Sums.Select(sum => (sum, k.Slices.Count))).ToDictionary(s => s.sum, s => s.Count, StringComparer.Ordinal);
                foreach (GpuKernel kernel in all)
                {
                    if (kernel != all[0])
                        writer.Line();
                    GpuParameter[] parameters = Backward.Contains(kernel) ? s_backwardParameters : s_forwardParameters;
                    new GpuPhaseWriter(kernel, States, parts, parameters, onTensorCores: false, writer).Write();
                    if (!kernel.HasTensorKernel)
                        continue;
                    writer.Line();
                    new GpuPhaseWriter(kernel, States, parts, parameters, onTensorCores: true, writer).Write();
                }
            });
    }

    private static GpuKernel? Fit(KernelSpec spec, SlicedPhase phase, bool keepsState, int[]? chunks = null)
    {
        foreach (int chunk in chunks ?? s_chunks)
        {
            KernelSpec whole = spec with { ChunkSize = chunk };
            foreach (int count in Counts(phase.Columns(spec)))
            {
                TileProgram program = phase.Build(count == 1 ? whole : phase.Slice(whole, phase.Columns(spec) / count));
                GpuSchedule schedule = GpuSchedule.Of(program);
                if (schedule.Fits)
                    return new GpuKernel(schedule, new GpuSlices(count, phase.Columns(spec) / count, Cut(phase.Build(whole), program), [.. phase.Sums]), chunk, keepsState);
            }
        }

        return null;
    }

    /// <summary>The tensors of which a slice has fewer columns than the whole.</summary>
    private static string[] Cut(TileProgram whole, TileProgram slice) =>
        [.. whole.Tiles.Where(t => t.IsExternal && slice.Tiles.Any(s => s.Name == t.Name && s.Columns != t.Columns)).Select(t => t.Name)];

    private static IEnumerable<GpuParameter> Tensors(params string[] names) => names.Select(name => new GpuParameter(name, GpuParameterKind.Tensor));

    private static IEnumerable<int> Counts(int columns)
    {
        yield return 1;
        for (int count = 2; columns / count >= GpuGrid.Step; count *= 2)
        {
            if (columns % count == 0 && columns / count % 4 == 0)
                yield return count;
        }
    }

    private static IEnumerable<string> Header(KernelSpec spec, IEnumerable<GpuKernel> kernels)
    {
        yield return $"{spec.Type.FullName}, {spec.System}, on GPUs.";
        yield return "";
        yield return spec.Equation;
        yield return $"q, k [tokens, {CodeWriter.Text(spec.HeadDim)}]  v, o [tokens, {CodeWriter.Text(spec.ValueDim)}]  {spec.Storage switch { ElementStorage.Unchanged => "float32", var s => s.ToString().ToLowerInvariant() + ", arithmetic and states in float32" }}; a thread block for one sequence, head and slice.";
        foreach (GpuKernel kernel in kernels)
        {
            yield return "";
            foreach (string line in TileText.Lines(kernel.Schedule.Program))
                yield return line;
            yield return "";
            foreach (string line in GpuScheduleText.Lines(kernel))
                yield return line;
        }
    }
}
