using System.Runtime.InteropServices;
using ILGPU;

namespace KernelGen.Gpu;

/// <summary>Sizes of the sums behind the gradients of slopes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SlopeShape
{
    public int Heads;
    public int Sequences;
    public int Packed;
    public int Tokens;
    public int QueryParts;
    public int KeyParts;
    public int StateLength;
    public int SumOffset;
    public int SumLength;
    public int NormalizerOffset;
    public int NormalizerLength;
}

/// <summary>
/// Gradients of slopes, lambda = exp(-slope): with a_t = phi(q_t).dphi(q_t) and b_t = phi(k_t).dphi(k_t) of a sequence of T tokens, and X = S_0.dS_0 + z_0.dz_0,
/// <code>
/// dL/dslope = -(T X + sum_t (T - 1 - t) (b_t - a_t)),
/// </code>
/// in double: positions are much larger than what is left when their terms have cancelled. Lanes add every 64th token, then a thread a head adds lanes and sequences in order.
/// </summary>
internal static class SlopeSums
{
    public const int Lanes = 64;

    /// <summary>A thread for a lane of a sequence and head: its part of the sum.</summary>
    /// <param name="index">Of [N, H, lanes].</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="queryFlow">a, [B, H, T, parts].</param>
    /// <param name="keyFlow">b, likewise.</param>
    /// <param name="state">S_0 and z_0, or empty.</param>
    /// <param name="gradient">dS_0 and dz_0, or empty.</param>
    /// <param name="starts">Where sequences begin.</param>
    /// <param name="sums">[N, H, lanes].</param>
    public static void Lane(
        Index1D index, SlopeShape shape, ArrayView<float> queryFlow, ArrayView<float> keyFlow, ArrayView<float> state, ArrayView<float> gradient, ArrayView<int> starts, ArrayView<double> sums)
    {
        int pair = index / Lanes, lane = index - (pair * Lanes), sequence = pair / shape.Heads, head = pair - (sequence * shape.Heads);
        int entry = sequence * shape.Packed, begin = starts[entry], length = starts[entry + 1] - begin;

        // Packed sequences lie behind one another in the one row of the batch.
        long row = (((long)(shape.Packed != 0 ? 0 : sequence) * shape.Heads) + head) * shape.Tokens;
        double sum = 0;
        for (int t = lane; t < length; t += Lanes)
        {
            double a = 0, b = 0;
            for (int p = 0; p < shape.QueryParts; p++)
                a += queryFlow[((row + begin + t) * shape.QueryParts) + p];
            for (int p = 0; p < shape.KeyParts; p++)
                b += keyFlow[((row + begin + t) * shape.KeyParts) + p];
            sum += (length - 1 - t) * (b - a);
        }

        if (state.Length > 0)
        {
            long first = (long)pair * shape.StateLength;
            double crossing = 0;
            for (int i = lane; i < shape.SumLength; i += Lanes)
                crossing += (double)state[first + shape.SumOffset + i] * gradient[first + shape.SumOffset + i];
            for (int i = lane; i < shape.NormalizerLength; i += Lanes)
                crossing += (double)state[first + shape.NormalizerOffset + i] * gradient[first + shape.NormalizerOffset + i];
            sum += length * crossing;
        }

        sums[index] = sum;
    }

    /// <summary>A thread for a head.</summary>
    public static void Head(Index1D head, SlopeShape shape, ArrayView<double> sums, ArrayView<float> gradients)
    {
        double sum = 0;
        for (int sequence = 0; sequence < shape.Sequences; sequence++)
        {
            for (int lane = 0; lane < Lanes; lane++)
                sum += sums[((((long)sequence * shape.Heads) + head) * Lanes) + lane];
        }

        gradients[head] = (float)-sum;
    }
}
