namespace KernelGen.Gpu.Kernels;

/// <summary>What a head's gradients are computed from: rows by token, the state before the first, the gradient of the one after the last.</summary>
public sealed record GpuHead(
    double[][] Q, double[][] K, double[][] V, double[][] DO, bool[] Kept, double Slope, double[] Sum, double[] Normalizer, double[] SumGradient, double[] NormalizerGradient);

/// <summary>Gradients of a head: of rows, of the state before the first token, of the slope.</summary>
public sealed record GpuHeadGradients(double[][] Dq, double[][] Dk, double[][] Dv, double[] Sum, double[] Normalizer, double Slope);

/// <summary>Gradients of a call, as tensors.</summary>
public sealed record GpuExpectedGradients(double[] Dq, double[] Dk, double[] Dv, double[] Sums, double[] Normalizers, double[] Slopes);

/// <summary>Backward by the recurrence, token by token: S_t = lambda S_(t-1) + phi(k_t) v_t^T is kept for every token, and dS is carried from right to left.</summary>
public sealed partial record GpuVariant
{
    public GpuHeadGradients Gradients(GpuHead head)
    {
        double fade = Causal ? Math.Exp(-head.Slope) : 1;
        int queries = head.Q.Length, keys = head.K.Length;
        double[][] sums = new double[keys + 1][], normalizers = new double[keys + 1][];
        (sums[0], normalizers[0]) = (head.Sum, head.Normalizer);
        for (int s = 0; s < keys; s++)
        {
            (sums[s + 1], normalizers[s + 1]) = ([.. sums[s]], [.. normalizers[s]]);
            Add(head.K[s], head.V[s], head.Kept[s], fade, sums[s + 1], normalizers[s + 1]);
        }

        double[][] dq = new double[queries][], dk = new double[keys][], dv = new double[keys][];
        double[] dS = [.. head.SumGradient], dz = [.. head.NormalizerGradient];
        double slope = 0;
        if (!Causal)
        {
            for (int t = 0; t < queries; t++)
                dq[t] = Query(head.Q[t], head.DO[t], sums[keys], normalizers[keys], dS, dz);
        }

        for (int s = keys - 1; s >= 0; s--)
        {
            if (Causal)
                dq[s] = Query(head.Q[s], head.DO[s], sums[s + 1], normalizers[s + 1], dS, dz);
            (dk[s], dv[s]) = Key(head.K[s], head.V[s], head.Kept[s], dS, dz);
            for (int i = 0; i < dS.Length; i++)
            {
                slope -= fade * dS[i] * sums[s][i];
                dS[i] *= fade;
            }

            for (int i = 0; i < dz.Length; i++)
            {
                slope -= fade * dz[i] * normalizers[s][i];
                dz[i] *= fade;
            }
        }

        return new GpuHeadGradients(dq, dk, dv, dS, dz, slope);
    }

    /// <summary>dq of a row, and what it adds to dS and dz.</summary>
    private double[] Query(double[] q, double[] dO, double[] sum, double[] normalizer, double[] dS, double[] dz)
    {
        double weight = Epsilon, agreement = 0;
        for (int d = 0; d < HeadDim; d++)
        {
            double query = Map(q[d]) * Scale;
            weight += query * normalizer[d];
            for (int e = 0; e < ValueDim; e++)
                agreement += dO[e] * query * sum[(d * ValueDim) + e];
        }

        double inverse = Normalized ? 1 / weight : 1, dn = Normalized ? -inverse * inverse * agreement : 0;
        double[] dq = new double[HeadDim];
        for (int d = 0; d < HeadDim; d++)
        {
            double query = Map(q[d]) * Scale, gradient = dn * normalizer[d];
            dz[d] += dn * query;
            for (int e = 0; e < ValueDim; e++)
            {
                gradient += sum[(d * ValueDim) + e] * inverse * dO[e];
                dS[(d * ValueDim) + e] += query * inverse * dO[e];
            }

            dq[d] = gradient * Scale * Slope(q[d]);
        }

        return dq;
    }

    private (double[] Dk, double[] Dv) Key(double[] k, double[] v, bool isKept, double[] dS, double[] dz)
    {
        double[] dk = new double[HeadDim], dv = new double[ValueDim];
        for (int d = 0; d < HeadDim && isKept; d++)
        {
            double gradient = Normalized ? dz[d] : 0;
            for (int e = 0; e < ValueDim; e++)
            {
                gradient += dS[(d * ValueDim) + e] * v[e];
                dv[e] += dS[(d * ValueDim) + e] * Map(k[d]);
            }

            dk[d] = gradient * Slope(k[d]);
        }

        return (dk, dv);
    }
}
