using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Golden;

/// <summary>Runs every case under a folder: reads, maps, compiles all declarations at once, runs at every level with both element types, compares.</summary>
internal static class GoldenHarness
{
    public static GoldenReport Run(string folder)
    {
        List<MappedCase> mapped = [];
        List<string> unsupported = [];
        List<GoldenFault> faults = [];
        foreach (string path in GoldenCase.FilesUnder(folder))
        {
            string name = GoldenCase.NameOf(path);
            try
            {
                if (GoldenSystems.Map(GoldenCase.Read(path)) is { } found)
                    mapped.Add(found);
                else
                    unsupported.Add(name);
            }
            catch (Exception fault) when (fault is UnmappableCaseException or InvalidDataException)
            {
                faults.Add(new GoldenFault(name, fault.Message));
            }
        }

        using CompiledBatch batch = CompiledBatch.Compile("Golden", mapped.SelectMany(c => c.Runs).SelectMany(r => Typed(r.Declaration)));
        List<GoldenRun> ran = [];
        foreach (MappedCase golden in mapped)
        {
            foreach (InstructionSet level in Levels.Supported)
            {
                ran.Add(Run(golden, DType.Float32, level, batch));
                ran.Add(Run(golden, DType.Float64, level, batch));
            }
        }

        return new GoldenReport(ran, Levels.All.Except(Levels.Supported).Select(Levels.Name).ToArray(), unsupported, faults);
    }

    private static IEnumerable<Declaration> Typed(Declaration declaration) =>
        [declaration with { DType = DType.Float32 }, declaration with { DType = DType.Float64 }];

    private static GoldenRun Run(MappedCase golden, DType type, InstructionSet level, CompiledBatch batch)
    {
        AttentionResult[] results = golden.Runs
            .Select(run => batch.Variant(run.Declaration with { DType = type }).Forward(run.Problem, level)).ToArray();
        Dictionary<string, double> errors = golden.Expected.ToDictionary(
            array => array.Name, array => results.Select(result => ScaledError.Of(array.Computed(result), array.Values)).Aggregate(Math.Max));
        bool passed = errors.Values.All(error => error <= ScaledError.Tolerance(type));
        return new GoldenRun(golden.Name, Levels.Name(level), type.ToString().ToLowerInvariant(), errors, passed);
    }
}
