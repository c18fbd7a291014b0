using KernelGen.Tests.Hosting;

namespace KernelGen.Tests.Oracles;

/// <summary>Slopes as the authors' code builds them: recursively, by the powers of a start value.</summary>
internal static class PublishedSlopes
{
    /// <summary>The slopes that a call's heads have, as its kernels hold them; empty where nothing fades.</summary>
    public static double[] Of(Declaration declaration, AttentionProblem problem) => declaration.Decay switch
    {
        Decay.None => [],
        Decay.PerHead => problem.Slopes,
        _ => Array.ConvertAll(Of(problem.Shape.Heads), declaration.Rounded),
    };

    public static double[] Of(int heads)
    {
        if (int.IsPow2(heads))
        {
            double start = Math.Pow(2, -Math.Pow(2, -(Math.Log2(heads) - 3)));
            return Enumerable.Range(0, heads).Select(i => start * Math.Pow(start, i)).ToArray();
        }

        int below = 1 << (int)Math.Floor(Math.Log2(heads));
        return [.. Of(below), .. Of(2 * below).Where((_, i) => i % 2 == 0).Take(heads - below)];
    }
}
