using System.Globalization;
using ILGPU.Runtime;

namespace KernelGen.Gpu.Kernels;

/// <summary>
/// What every accelerator must do: the tests run this on ILGPU's CPU accelerator, PoCL and oclgrind, and on a device where there is one. Results are held to double precision
/// within 1e-5 of the largest; outputs are NaN before, with guards behind them.
/// </summary>
public static class GpuContract
{
    public const double Tolerance = 1e-5;

    /// <summary>
    /// The same of single-precision results of 16-bit tensors on tensor cores. Their terms are products of parts: each factor lacks 2^-17 of itself, and the product of both rests,
    /// 2^-16 of the term, is left out. That is 2^-15 in all.
    /// </summary>
    public const double TensorTolerance = 1.0 / 32768;
    private const int Guard = 64;

    /// <param name="accelerator">Any.</param>
    /// <param name="args">Names of variants, then scenarios: <c>small</c>, <c>options</c>, <c>stream</c>, <c>refuse</c>, <c>real</c>, or <c>length=N</c>.</param>
    /// <returns>0 where all is well, 1 otherwise; the console says what was seen.</returns>
    public static int Run(Accelerator accelerator, string[] args)
    {
        int seed = Environment.TickCount;
        Console.WriteLine(FormattableString.Invariant($"seed {seed}"));
        bool isWell = true;
        foreach (string name in args[0].Split(','))
        {
            GpuVariant variant = GpuVariant.Of(name);
            using GpuContractRun run = variant.Open(variant, accelerator, seed);
            Console.WriteLine(run.Info);
            foreach (string scenario in args[1].Split(','))
                isWell &= Report($"{name} {scenario}", run.Run(scenario));
        }

        return isWell ? 0 : 1;
    }

    /// <summary>The largest error relative to the largest number expected; infinite where something is missing or a guard was touched.</summary>
    /// <param name="got">Results, and guards behind them.</param>
    /// <param name="want">What was expected.</param>
    /// <param name="least">What the error is relative to at least.</param>
    public static double Error(float[] got, double[] want, double least = 1e-30)
    {
        double scale = want.Length == 0 ? 1 : Math.Max(want.Max(Math.Abs), least), worst = 0;
        for (int i = 0; i < want.Length; i++)
        {
            double error = Math.Abs(got[i] - want[i]) / scale;
            if (!(error <= worst))
                worst = double.IsNaN(error) ? double.PositiveInfinity : error;
        }

        for (int i = want.Length; i < got.Length; i++)
        {
            if (!float.IsNaN(got[i]))
                worst = double.PositiveInfinity;
        }

        return worst;
    }

    public static float[] Poisoned(int count) => [.. Enumerable.Repeat(float.NaN, count + Guard)];

    private static bool Report(string what, double error)
    {
        bool isWell = error <= Tolerance;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(isWell ? "ok" : "FAILED")} {what} {error:E2}"));
        return isWell;
    }
}
