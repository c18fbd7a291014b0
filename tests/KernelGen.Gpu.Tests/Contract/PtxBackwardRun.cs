using KernelGen.Gpu.Kernels;
using KernelGen.Gpu.Verification.Offline;
using KernelGen.Gpu.Verification.Ptx;

namespace KernelGen.Gpu.Tests.Contract;

/// <summary>A backward call as the host makes it where sequences are not cut, on the PTX machine: gradients, what each kernel did, and how often all of them read each tensor.</summary>
internal sealed record PtxBackwardRun(
    float[] Dq, float[] Dk, float[] Dv, float[] Sums, IReadOnlyDictionary<string, PtxCounters> Counters, IReadOnlyDictionary<string, double> Reads)
{
    public static PtxBackwardRun Of(GpuVariant variant, GpuTraits traits, GpuCase c, CudaTarget target, bool fused, PtxMatrixSum matrixSum = PtxMatrixSum.Nearest)
    {
        if (c.KeyHeads != c.Heads)
            throw new ArgumentException("the host adds the gradients of a group's heads, which is not done here", nameof(c));
        PtxCompiler compiler = VariantKernels.Compiler;
        Dictionary<string, PtxCounters> counters = [];
        Dictionary<string, double> reads = new() { ["q"] = 0, ["k"] = 0, ["v"] = 0, ["dO"] = 0 };
        Dictionary<string, float[]> left = [];
        int pairs = c.Batch * c.Heads, d = variant.HeadDim, e = variant.ValueDim;
        float[] total = variant.Causal ? [] : Total(variant, traits, c);
        foreach (GpuPhase phase in traits.Backward.OrderBy(p => p.Name is "Keys" or "Values"))
        {
            PtxMachine machine = new(PtxModule.Parse(compiler.Compile(phase.Method, phase.Specialization, target).Text), new PtxOptions { FuseMultiplyAdd = fused, MatrixSum = matrixSum });
            DeviceArray q = machine.Tensor(variant, c.Q), k = machine.Tensor(variant, c.K), v = machine.Tensor(variant, c.V), dO = machine.Tensor(variant, c.DO), mask = machine.Upload(c.Mask), slopes = machine.Upload(c.Slopes);
            Dictionary<string, DeviceArray> written = new()
            {
                ["dq"] = machine.Tensor(variant, c.Q.Length),
                ["dk"] = machine.Allocate<float>(c.K.Length),
                ["dv"] = machine.Allocate<float>(c.V.Length),
                ["dn"] = Numbers("dn", c.Length * Slices("Rows")),
                ["inv"] = Numbers("inv", c.Length),
                ["kflow"] = Numbers("kflow", c.KeyLength * Slices("Keys")),
                ["qflow"] = Numbers("qflow", c.Length * Slices("Queries")),
                ["state"] = machine.Allocate<float>(pairs * traits.StateLength),
            };

            // Not causal: rows and queries read the sum of all keys, keys and values the gradient of it.
            bool overKeys = phase.Name is "Keys" or "Values", keeps = phase.Name == "StateGradient";
            float[] before = variant.Causal || keeps ? [] : overKeys ? left["state"] : total;
            DeviceArray states = machine.Upload(before.Length == 0 ? new float[4] : before), starts = machine.Upload(new[] { 0, overKeys ? c.KeyLength : c.Length });
            counters.Add(phase.Name, machine.Launch(
                (1, c.Heads * phase.Slices, c.Batch), phase.Threads,
                dO.View(0, c.DO.Length), Rows(c.Length, e), k.View(0, c.K.Length), Rows(c.KeyLength, d), q.View(0, c.Q.Length), Rows(c.Length, d), v.View(0, c.V.Length), Rows(c.KeyLength, e),
                written["dk"], Rows(c.KeyLength, d), written["dq"], Rows(c.Length, d), written["dv"], Rows(c.KeyLength, e), mask.View(0, c.Mask.Length), new object[] { (long)c.KeyLength, 0L, 1L, 1L },
                written["dn"], Tokens(c.Length, Slices("Rows")), written["inv"], Tokens(c.Length, 1), written["kflow"], Tokens(c.KeyLength, Slices("Keys")), written["qflow"], Tokens(c.Length, Slices("Queries")),
                slopes.View(0, c.Heads), states.View(0, before.Length), written["state"].View(0, keeps ? pairs * traits.StateLength : 0),
                starts.View(0, 2), new object[] { (long)Math.Max(c.Length, c.KeyLength), 0L, 1L, 0L }));
            foreach ((string name, DeviceArray array) in new[] { ("q", q), ("k", k), ("v", v), ("dO", dO) })
                reads[name] += array.Traffic.ReadFactor;
            foreach (string name in Written(phase.Name))
                left[name] = name == "dq" ? written[name].Numbers(variant) : written[name].ToArray<float>();

            DeviceArray Numbers(string name, int count) => left.TryGetValue(name, out float[]? known) ? machine.Upload(known) : machine.Allocate<float>(pairs * Math.Max(1, count));
        }

        float[] sums = [.. Enumerable.Range(0, pairs).SelectMany(p => left["state"].Skip((p * traits.StateLength) + traits.SumOffset).Take(d * e))];
        return new PtxBackwardRun(left["dq"], left["dk"], left["dv"], sums, counters, reads);

        int Slices(string phase) => traits.Backward.SingleOrDefault(p => p.Name == phase)?.Slices ?? 0;

        object[] Rows(int length, int width) => [(long)length * c.Heads * width, (long)width, (long)c.Heads * width, 1L];

        object[] Tokens(int length, int parts) => [(long)c.Heads * length * parts, (long)length * parts, (long)parts, 1L];
    }

    private static string[] Written(string phase) => phase switch
    {
        "Rows" => ["inv", "dn"],
        "Queries" => ["dq", "qflow"],
        "Keys" => ["dk", "kflow"],
        "Values" => ["dv"],
        _ => ["state"],
    };

    /// <summary>S and z of all keys, where a state has them.</summary>
    private static float[] Total(GpuVariant variant, GpuTraits traits, GpuCase c)
    {
        (_, double[] sums, double[] normalizers) = c.Expect(null, null);
        int pairs = c.Batch * c.Heads, sum = variant.HeadDim * variant.ValueDim;
        float[] states = new float[pairs * traits.StateLength];
        for (int p = 0; p < pairs; p++)
        {
            for (int i = 0; i < sum; i++)
                states[(p * traits.StateLength) + traits.SumOffset + i] = (float)sums[(p * sum) + i];
            for (int i = 0; i < variant.HeadDim && traits.NormalizerOffset >= 0; i++)
                states[(p * traits.StateLength) + traits.NormalizerOffset + i] = (float)normalizers[(p * variant.HeadDim) + i];
        }

        return states;
    }
}
