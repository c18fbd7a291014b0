using System.Globalization;
using KernelGen.Benchmarks.Measurements;
using KernelGen.Benchmarks.Measuring;

namespace KernelGen.Benchmarks.Ratios;

/// <summary>
/// Aligned plain text, a line a row, written as figures arrive: name, figure (by the minima of what was timed), the same by medians, unit,
/// what it is.
/// </summary>
internal sealed class RatiosTable
{
    private const int FigureWidth = 11;
    private const int UnitWidth = 11;

    private readonly TextWriter _writer;
    private readonly int _nameWidth;

    public RatiosTable(TextWriter writer, IReadOnlyCollection<Row> rows)
    {
        _writer = writer;
        _nameWidth = rows.Max(row => row.Name.Length);
        Line("row", "figure", "by medians", "unit", "what is measured");
    }

    public void Write(Row row, Reading reading) =>
        Line(row.Name, Format(reading.Value), reading.ByMedians is double medians ? Format(medians) : string.Empty, row.Unit, row.Doc);

    public void Write(Row row, RowException reason) =>
        Line(row.Name, reason is RowRefusedException ? "REFUSED" : "unavailable", string.Empty, string.Empty, reason.Message);

    private static string Format(double value) => Math.Abs(value) switch
    {
        0 => "0",
        < 1e-3 => value.ToString("0.00E+00", CultureInfo.InvariantCulture),
        < 10 => value.ToString("0.000", CultureInfo.InvariantCulture),
        < 1e3 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("N0", CultureInfo.InvariantCulture),
    };

    private void Line(string name, string figure, string medians, string unit, string doc)
    {
        _writer.WriteLine($"{name.PadRight(_nameWidth)}  {figure,FigureWidth}  {medians,FigureWidth}  {unit,-UnitWidth}  {doc}");
        _writer.Flush();
    }
}
