using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace KernelGen.Benchmarks.Plots;

/// <summary>The two plots. ScottPlot has no logarithmic axes: logarithms are drawn, and ticks labelled with what they stand for.</summary>
internal static class Drawing
{
    private const int Width = 900, Height = 560;
    private const float LineWidth = 2.5f, MarkerSize = 7;

    private static readonly Color[] _colors =
        [Color.FromHex("#0072B2"), Color.FromHex("#56B4E9"), Color.FromHex("#E69F00"), Color.FromHex("#777777")];

    public static Plot TimeByLength(IReadOnlyList<Series> series)
    {
        Plot plot = new();
        for (int s = 0; s < series.Count; s++)
        {
            (int length, double ms)[] points = [.. series[s].Lengths.Zip(series[s].Milliseconds).Where(point => double.IsFinite(point.Second))];
            if (points.Length == 0)
                continue;
            var line = plot.Add.Scatter(points.Select(point => Math.Log2(point.length)).ToArray(), points.Select(point => Math.Log10(point.ms)).ToArray());
            line.LegendText = series[s].Title;
            line.Color = _colors[s];
            line.LineWidth = LineWidth;
            line.MarkerSize = MarkerSize;
        }

        int[] lengths = series[0].Lengths;
        plot.Axes.Bottom.TickGenerator = new NumericManual(
            lengths.Select(length => Math.Log2(length)).ToArray(), lengths.Select(length => length < 1024 ? Text(length) : $"{Text(length / 1024)}k").ToArray());
        plot.Axes.Left.TickGenerator = new NumericAutomatic
        {
            IntegerTicksOnly = true,
            LabelFormatter = static log => Math.Pow(10, log).ToString("0.#####", CultureInfo.InvariantCulture),
            MinorTickGenerator = new LogMinorTickGenerator(),
        };
        plot.Title("One causal forward pass, one thread: H = 1, D = 64, float32");
        plot.XLabel("tokens");
        plot.YLabel("milliseconds (best)");
        plot.ShowLegend(Alignment.UpperLeft);
        plot.Axes.Margins(bottom: 0.05, top: 0.15);
        return plot;
    }

    public static Plot PeakByHeadDim(IReadOnlyList<int> headDims, IReadOnlyList<(string Title, double[] Fractions)> levels)
    {
        const double barWidth = 0.38;
        Plot plot = new();
        for (int l = 0; l < levels.Count; l++)
        {
            double shift = (l - ((levels.Count - 1) / 2.0)) * (barWidth + 0.02);
            Bar[] bars =
            [
                .. levels[l].Fractions.Select((fraction, i) => (fraction, i)).Where(bar => double.IsFinite(bar.fraction)).Select(bar => new Bar
                {
                    Position = bar.i + shift,
                    Value = bar.fraction,
                    Size = barWidth,
                    FillColor = _colors[l],
                    LineWidth = 0,
                    Label = bar.fraction.ToString("0.00", CultureInfo.InvariantCulture),
                }),
            ];
            plot.Add.Bars(bars).LegendText = levels[l].Title;
        }

        plot.Axes.Bottom.TickGenerator = new NumericManual([.. headDims.Select((_, i) => (double)i)], [.. headDims.Select(Text)]);
        plot.Title("Lightning attention forward: useful flops over the FMA peak, one core, in cache");
        double[] fifths = [0, 0.2, 0.4, 0.6, 0.8, 1];
        plot.Axes.Left.TickGenerator = new NumericManual(fifths, [.. fifths.Select(fifth => fifth.ToString("0.0", CultureInfo.InvariantCulture))]);
        plot.XLabel("head dim (D = E)");
        plot.YLabel("fraction of its own peak");
        plot.Axes.SetLimitsY(0, 1);
        plot.HideGrid();
        plot.ShowLegend(Alignment.UpperLeft);
        return plot;
    }

    /// <summary>A PNG to look at and an SVG to scale, under one name.</summary>
    public static void Save(Plot plot, string folder, string name)
    {
        plot.SavePng(Path.Combine(folder, $"{name}.png"), Width, Height);
        plot.SaveSvg(Path.Combine(folder, $"{name}.svg"), Width, Height);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
