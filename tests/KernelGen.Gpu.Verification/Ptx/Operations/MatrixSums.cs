namespace KernelGen.Gpu.Verification.Ptx;

/// <summary>How the products that one element of a matrix product gets are added to it. They are exact in double: factors have 11 bits at most.</summary>
internal static class MatrixSums
{
    /// <summary>Products that a tensor core adds at once, where that is counted.</summary>
    private const int Block = 4;

    private const int SignificandBits = 24;

    public static float Add(PtxMatrixSum kind, float c, ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (kind == PtxMatrixSum.Truncated)
        {
            for (int k = 0; k < a.Length; k += Block)
                c = Truncated(c, a.Slice(k, Block), b.Slice(k, Block));
            return c;
        }

        double sum = c;
        for (int k = 0; k < a.Length; k++)
            sum += a[k] * b[k];
        return (float)sum;
    }

    // All terms end where the last bit of the largest one's 24 does; so does their sum, towards zero.
    private static float Truncated(float c, ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double largest = Math.Abs(c);
        double rounded = c;
        for (int k = 0; k < a.Length; k++)
        {
            largest = Math.Max(largest, Math.Abs(a[k] * b[k]));
            rounded += a[k] * b[k];
        }

        if (largest == 0 || !double.IsFinite(largest))
            return (float)rounded;
        double quantum = Math.ScaleB(1, Math.ILogB(largest) - SignificandBits + 1);
        double sum = Math.Truncate(c / quantum);
        for (int k = 0; k < a.Length; k++)
            sum += Math.Truncate(a[k] * b[k] / quantum);
        if (sum == 0)
            return 0;
        double last = Math.ScaleB(1, Math.Max(0, Math.ILogB(sum) - SignificandBits + 1));
        return (float)(Math.Truncate(sum / last) * last * quantum);
    }
}
