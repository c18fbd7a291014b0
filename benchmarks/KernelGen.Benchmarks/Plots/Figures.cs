using System.Globalization;
using KernelGen.Benchmarks.Measuring;

namespace KernelGen.Benchmarks.Plots;

/// <summary>What was measured for the plots: printed as it comes, kept by name for the file beside them. A missing figure is a reason instead.</summary>
internal sealed class Figures
{
    private readonly Dictionary<string, double> _values = [];

    public IReadOnlyDictionary<string, double> Values => _values;

    /// <summary>Whether a result was wrong, so that the run fails.</summary>
    public bool Refused { get; private set; }

    /// <summary>Takes a figure, or the reason why there is none; NaN then, which plots leave out.</summary>
    public double Take(string name, Func<double> measure)
    {
        try
        {
            double value = measure();
            _values.Add(name, value);
            Console.WriteLine($"{name}  {value.ToString("G4", CultureInfo.InvariantCulture)}");
            return value;
        }
        catch (RowException e)
        {
            Refused |= e is RowRefusedException;
            Console.WriteLine($"{name}  {(e is RowRefusedException ? "REFUSED" : "unavailable")}: {e.Message}");
            return double.NaN;
        }
    }
}
