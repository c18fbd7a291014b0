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
        List<GoldenError> errors = [];
        List<string> faults = [];
        Compare(golden.Outputs, golden.Runs, ScaledError.Tolerance(type), isGradient: false, run => Kernels(run).Forward(run.Problem.Forward, level));
        if (golden.Gradients.Count > 0)
            Compare(golden.Gradients, golden.Runs, ScaledError.GradientTolerance(type), isGradient: true, run => Kernels(run).Backward(run.Problem, level));
        return new GoldenRun(golden.Name, Levels.Name(level), type.ToString().ToLowerInvariant(), errors, faults);

        RunnableVariant Kernels(MappedRun run) => batch.Variant(run.Declaration with { DType = type });

        void Compare<TResult>(IReadOnlyList<ExpectedArray<TResult>> expected, IReadOnlyList<MappedRun> runs, double tolerance, bool isGradient, Func<MappedRun, TResult> call)
        {
            TResult[] results = [];
            try
            {
                results = runs.Select(call).ToArray();
            }
            catch (Exception fault)
            {
                // The case fails, as it must; the others are still run and reported.
                faults.Add(fault.Message);
            }

            errors.AddRange(expected.Select(array => new GoldenError(array.Name, Worst(array, results), tolerance, isGradient)));
        }
    }

    /// <summary>The worst of all results that have the array; NaN, which no tolerance admits, where none has.</summary>
    private static double Worst<TResult>(ExpectedArray<TResult> array, TResult[] results) => results
        .Select(array.Computed)
        .Where(values => values.Length > 0 || array.Values.Length == 0)
        .Select(values => ScaledError.Of(values, array.Values))
        .DefaultIfEmpty(double.NaN)
        .Aggregate(Math.Max);
}
