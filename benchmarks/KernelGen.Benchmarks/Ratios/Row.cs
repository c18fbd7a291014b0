using KernelGen.Benchmarks.Measurements;

namespace KernelGen.Benchmarks.Ratios;

/// <summary>One figure of the record. Rows that share a measurement share a lazy one: it runs for the first of them that is asked for.</summary>
/// <param name="Name">Its key in the JSON file: stable, so that figures of different days can be compared.</param>
/// <param name="Unit">Of the figure.</param>
/// <param name="Doc">What is measured, in one line.</param>
/// <param name="Measure">Gives the figure, or throws the reason why there is none.</param>
internal sealed record Row(string Name, string Unit, string Doc, Func<Reading> Measure);
