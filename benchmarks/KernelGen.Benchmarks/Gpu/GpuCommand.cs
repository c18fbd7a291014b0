using KernelGen.Benchmarks.Ratios;
using KernelGen.Gpu.Kernels;
using KernelGen.Gpu.Verification.Cuda;

namespace KernelGen.Benchmarks.Gpu;

/// <summary>
/// Prints what the assembler, the machine code and the executed PTX say of every variant's kernels: no GPU is needed for that and none is measured. Where there is one, times
/// follow.
/// </summary>
internal static class GpuCommand
{
    private const string Label = "static bound, not measured";

    /// <summary>0; 2 where the command line was wrong or the tools are missing.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (!RatiosOptions.TryParse(arguments, out RatiosOptions? options, out string problem))
        {
            Console.Error.WriteLine(problem);
            Console.Error.WriteLine("usage: KernelGen.Benchmarks gpu [--json FILE] [--filter TEXT]");
            return 2;
        }

        if (CudaTools.Find() is not { } tools)
        {
            Console.Error.WriteLine(CudaTools.Remedy);
            return 2;
        }

        SortedDictionary<string, double> values = new(StringComparer.Ordinal);
        foreach (GpuModel gpu in new[] { GpuModel.A100, GpuModel.H100 })
        {
            foreach (GpuVariant variant in Variants(options.Filter))
            {
                foreach ((string name, double value) in GpuFigures.Of(variant, gpu, new PtxAssembler(tools)).Where(f => f.Name.Contains(options.Filter, StringComparison.OrdinalIgnoreCase)))
                {
                    values.Add(name, value);
                    Console.WriteLine(FormattableString.Invariant($"{name,-78} {value,10:0.###}  {Label}"));
                }
            }
        }

        if (CudaDevices.Name is { } device)
        {
            foreach ((string name, double milliseconds) in GpuTimes.Measure())
            {
                values.Add(name, milliseconds);
                Console.WriteLine(FormattableString.Invariant($"{name,-78} {milliseconds,10:0.###}  measured on {device}"));
            }
        }

        if (options.JsonFile is { } file)
            RatiosFile.Write(file, values);
        return 0;
    }

    /// <summary>A filter with a variant's name in it spares the others' kernels the assembler.</summary>
    private static IEnumerable<GpuVariant> Variants(string filter)
    {
        GpuVariant[] named = [.. GpuVariant.All.Where(v => filter.Contains(v.Name, StringComparison.OrdinalIgnoreCase))];
        return named.Length > 0 ? named : GpuVariant.All;
    }
}
