using KernelGen.Benchmarks.Ratios;
using ScottPlot;

namespace KernelGen.Benchmarks.Plots;

/// <summary>Measures what the plots show, draws them, and writes the figures beside them.</summary>
internal static class PlotsCommand
{
    /// <summary>0; 1 where a result was wrong; 2 where the command line was.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (!PlotsOptions.TryParse(arguments, out PlotsOptions? options, out string problem))
        {
            Console.Error.WriteLine(problem);
            Console.Error.WriteLine(PlotsOptions.Usage);
            return 2;
        }

        Figures figures = new();
        if (options.FractionsFile is string file)
        {
            PeakByHeadDim.MeasureAvx2(figures);
            RatiosFile.Write(file, figures.Values);
            return figures.Refused ? 1 : 0;
        }

        Plot times = Drawing.TimeByLength(TimeByLength.Measure(figures));
        Plot fractions = Drawing.PeakByHeadDim(PeakByHeadDim.HeadDims, PeakByHeadDim.Measure(figures));
        Directory.CreateDirectory(options.Folder);
        Drawing.Save(times, options.Folder, "time-by-length");
        Drawing.Save(fractions, options.Folder, "peak-by-head-dim");
        RatiosFile.Write(Path.Combine(options.Folder, "figures.json"), figures.Values);
        Console.WriteLine($"written to {Path.GetFullPath(options.Folder)}");
        return figures.Refused ? 1 : 0;
    }
}
