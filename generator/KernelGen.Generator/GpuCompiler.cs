using KernelGen.Generator.Backends.Gpu;
using KernelGen.Generator.Plans;
using KernelGen.Generator.Schedule.Gpu;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Surface;
using KernelGen.Generator.Text;
using KernelGen.Generator.Tiles;

namespace KernelGen.Generator;

/// <summary>
/// The GPU's kernels of a declaration. A GPU has a chunk size of its own: promises about bits are between CPU targets, and shared memory decides here. The values are cut
/// into slices where a whole state would not fit into a block's registers.
/// </summary>
internal sealed class GpuCompiler
{
    private static readonly int[] s_chunks = [32, 16];

    private GpuCompiler(KernelSpec spec, int chunk, GpuSlices slices)
    {
        Programs = KernelStatePlan.Build(spec with { ChunkSize = chunk, ValueDim = slices.Columns });
        Slices = slices;
        States = GpuStateLayout.Of(KernelStatePlan.Build(spec with { ChunkSize = chunk }).Forward);
        Schedules = [.. Programs.Forward.Select(GpuSchedule.Of)];
        ChunkSize = chunk;
    }

    public KernelPrograms Programs { get; }

    public GpuSlices Slices { get; }

    public GpuStateLayout States { get; }

    public IReadOnlyList<GpuSchedule> Schedules { get; }

    public int ChunkSize { get; }

    /// <summary>The longest chunks, and among those the fewest slices, that fit; null where none do, or where a GPU has no kernels for the element type, or the project no use for them.</summary>
    public static GpuCompiler? Of(KernelSpec spec)
    {
        if (!spec.HasGpu || spec.ElementType != ElementType.Float32 || spec.Storage != ElementStorage.Unchanged || spec.Decay == DecayKind.PerToken || spec.Projects || spec.Normalizer is { OfSums: true })
            return null;
        foreach (int chunk in s_chunks)
        {
            foreach (GpuSlices slices in Cuts(spec))
            {
                GpuCompiler compiler = new(spec, chunk, slices);
                if (compiler.Schedules.All(s => s.Fits))
                    return compiler;
            }
        }

        return null;
    }

    /// <summary>The tensors of the pass, inputs first, by name: the order of the kernels' parameters.</summary>
    public IReadOnlyList<Tile> Tensors =>
        [.. Programs.Forward.SelectMany(p => p.Tiles).Where(t => t.IsExternal).Distinct().OrderBy(t => t.Role).ThenBy(t => t.Name, StringComparer.Ordinal)];

    /// <summary>The kernels, and the member of the declared class that reaches them.</summary>
    public string Write(KernelSpec spec) => GpuSurfaceWriter.Write(
        spec,
        new GpuModel(spec.Type.HintName + "Gpu", ChunkSize, Slices, States, Programs.State.Sum, Programs.State.Normalizer, Schedules),
        Header(spec),
        writer =>
        {
            for (int i = 0; i < Schedules.Count; i++)
            {
                if (i > 0)
                    writer.Line();
                new GpuPhaseWriter(Schedules[i], States, Slices, Tensors, writer).Write();
            }
        });

    private IEnumerable<string> Header(KernelSpec spec)
    {
        yield return $"{spec.Type.FullName}, {spec.System}, forward on GPUs.";
        yield return "";
        yield return spec.Equation;
        yield return $"q, k [tokens, {CodeWriter.Text(spec.HeadDim)}]  v, o [tokens, {CodeWriter.Text(spec.ValueDim)}]  float32, chunks of {CodeWriter.Text(ChunkSize)}, {CodeWriter.Text(Slices.Count)} slices of {CodeWriter.Text(Slices.Columns)} values; a thread block for one sequence, head and slice.";
        foreach (GpuSchedule schedule in Schedules)
        {
            yield return "";
            foreach (string line in TileText.Lines(schedule.Program))
                yield return line;
            yield return "";
            foreach (string line in GpuScheduleText.Lines(schedule))
                yield return line;
        }
    }

    private static IEnumerable<GpuSlices> Cuts(KernelSpec spec)
    {
        yield return new GpuSlices(1, spec.ValueDim);
        for (int count = 2; spec.ValueDim / count >= GpuGrid.Step; count *= 2)
        {
            int columns = spec.ValueDim / count;
            if (spec.ValueDim % count == 0 && columns % 4 == 0 && columns != spec.HeadDim)
                yield return new GpuSlices(count, columns);
        }
    }
}
