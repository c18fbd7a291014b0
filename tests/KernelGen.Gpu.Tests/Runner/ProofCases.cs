using KernelGen.Gpu.Verification.Runner;

namespace KernelGen.Gpu.Tests.Runner;

/// <summary>Launches of <see cref="ProofKernels"/>.</summary>
internal static class ProofCases
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Runs a kernel of one source and one target over two groups.</summary>
    /// <returns>How it ended, and the target where it got so far.</returns>
    public static (AcceleratorRun Run, float[]? Target) Copy(AcceleratorKind accelerator, string method)
    {
        using CaseFolder folder = new();
        float[] source = Source(2 * ProofKernels.Group);
        BufferArgument target = folder.Output<float>(source.Length);
        KernelCase kernel = KernelCase.Of(typeof(ProofKernels), method, grid: 2, ProofKernels.Group, folder.Input<float>(source), target);
        AcceleratorRun run = AcceleratorProcess.Launch(accelerator, kernel, Limit);
        return (run, run.Outcome == AcceleratorOutcome.Success ? CaseFolder.Read<float>(target) : null);
    }

    /// <summary>Runs <see cref="ProofKernels.TiledProduct"/> and compares its result with double precision.</summary>
    public static AcceleratorRun Product(AcceleratorKind accelerator, int n)
    {
        using CaseFolder folder = new();
        float[] a = Source(n * n);
        float[] b = [.. Source(n * n).Reverse()];
        BufferArgument product = folder.Output<float>(n * n);
        int tiles = n / ProofKernels.Tile;
        KernelCase kernel = KernelCase.Of(
            typeof(ProofKernels),
            nameof(ProofKernels.TiledProduct),
            tiles * tiles,
            ProofKernels.Tile * ProofKernels.Tile,
            folder.Input<float>(a),
            folder.Input<float>(b),
            product,
            CaseFolder.Scalar(n));
        AcceleratorRun run = AcceleratorProcess.Launch(accelerator, kernel, Limit);
        Assert.True(run.Outcome == AcceleratorOutcome.Success, run.ToString());

        float[] actual = CaseFolder.Read<float>(product);
        for (int row = 0; row < n; row++)
        {
            for (int column = 0; column < n; column++)
            {
                double expected = 0;
                for (int i = 0; i < n; i++)
                    expected += (double)a[(row * n) + i] * b[(i * n) + column];
                Assert.Equal(expected, actual[(row * n) + column], 1e-5 * n);
            }
        }

        return run;
    }

    /// <summary>What <see cref="ProofKernels.Rotate"/> makes of <see cref="Copy"/>'s source.</summary>
    public static float[] Rotated()
    {
        float[] source = Source(2 * ProofKernels.Group);
        return [.. source.Select((_, i) => source[(i / ProofKernels.Group * ProofKernels.Group) + ((i + 1) % ProofKernels.Group)])];
    }

    private static float[] Source(int length)
    {
        Random random = new(length);
        return [.. Enumerable.Range(0, length).Select(_ => random.NextSingle())];
    }
}
