using KernelGen.Benchmarks.Measurements;
using KernelGen.Benchmarks.Measuring;

namespace KernelGen.Benchmarks.Ratios;

/// <summary>Measures the chosen rows in the table's order, printing each as it comes.</summary>
internal static class RatiosCommand
{
    /// <summary>0; 1 where a row was refused because a result was wrong; 2 where the command line was.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (!RatiosOptions.TryParse(arguments, out RatiosOptions? options, out string problem))
            return Fail(problem);
        List<Row> rows = [.. Rows.All.Where(row => row.Name.Contains(options.Filter, StringComparison.Ordinal))];
        if (rows.Count == 0)
            return Fail($"no row's name contains {options.Filter}");

        Dictionary<string, double> figures = [];
        bool refused = false;
        RatiosTable table = new(Console.Out, rows);
        foreach (Row row in rows)
        {
            try
            {
                Reading reading = row.Measure();
                figures.Add(row.Name, reading.Value);
                table.Write(row, reading);
            }
            catch (RowException e)
            {
                refused |= e is RowRefusedException;
                table.Write(row, e);
            }
        }

        if (options.JsonFile is not null)
            RatiosFile.Write(options.JsonFile, figures);
        return refused ? 1 : 0;
    }

    private static int Fail(string problem)
    {
        Console.Error.WriteLine(problem);
        Console.Error.WriteLine(RatiosOptions.Usage);
        return 2;
    }
}
