using KernelGen.Gpu.Kernels;
using KernelGen.Gpu.Verification.Offline;
using KernelGen.Gpu.Verification.Ptx;

namespace KernelGen.Gpu.Tests.Contract;

/// <summary>A forward call as the host makes it, on the PTX machine: outputs, the state after it, and what each kernel did.</summary>
internal sealed record PtxRun(float[] Outputs, float[] Sums, IReadOnlyList<PtxCounters> Counters, ArrayTraffic Queries, ArrayTraffic Keys, ArrayTraffic Values, ArrayTraffic Written)
{
    public static PtxRun Of(GpuVariant variant, GpuTraits traits, GpuCase c, CudaTarget target, bool fused, PtxMatrixSum matrixSum = PtxMatrixSum.Nearest)
    {
        PtxCompiler compiler = VariantKernels.Compiler;
        List<PtxCounters> counters = [];
        float[] outputs = [], states = [];
        ArrayTraffic? queries = null, keys = null, values = null, written = null;
        int pairs = c.Batch * c.Heads, outputCount = c.Batch * c.Length * c.Heads * variant.ValueDim;
        for (int i = 0; i < traits.Forward.Count; i++)
        {
            GpuPhase phase = traits.Forward[i];
            bool overKeys = !variant.Causal && i == 0, folds = variant.Causal || i == 0;
            PtxMachine machine = new(PtxModule.Parse(compiler.Compile(phase.Method, phase.Specialization, target).Text), new PtxOptions { FuseMultiplyAdd = fused, MatrixSum = matrixSum });
            DeviceArray q = machine.Tensor(variant, c.Q), k = machine.Tensor(variant, c.K), v = machine.Tensor(variant, c.V), mask = machine.Upload(c.Mask), slopes = machine.Upload(c.Slopes);
            DeviceArray o = machine.Tensor(variant, outputCount), after = machine.Allocate<float>(pairs * traits.StateLength);
            DeviceArray before = folds ? machine.Allocate<float>(4) : machine.Upload(states);
            DeviceArray starts = machine.Upload(new[] { 0, overKeys ? c.KeyLength : c.Length });
            counters.Add(machine.Launch(
                (1, c.Heads * phase.Slices, c.Batch), phase.Threads,
                k.View(0, c.K.Length), Rows(c.KeyLength, c.KeyHeads, variant.HeadDim, c.Heads / c.KeyHeads),
                q.View(0, c.Q.Length), Rows(c.Length, c.Heads, variant.HeadDim, 1),
                v.View(0, c.V.Length), Rows(c.KeyLength, c.KeyHeads, variant.ValueDim, c.Heads / c.KeyHeads),
                o.View(0, outputCount), Rows(c.Length, c.Heads, variant.ValueDim, 1),
                mask.View(0, c.Mask.Length), new object[] { (long)c.KeyLength, 0L, 1L, 1L },
                slopes.View(0, c.Heads), before.View(0, folds ? 0 : states.Length), after.View(0, folds ? pairs * traits.StateLength : 0),
                starts.View(0, 2), new object[] { (long)Math.Max(c.Length, c.KeyLength), 0L, 1L, 0L }));
            if (folds)
                states = after.ToArray<float>();
            if (overKeys)
                continue;
            outputs = o.Numbers(variant);
            (queries, keys, values, written) = (q.Traffic, k.Traffic, v.Traffic, o.Traffic);
        }

        int sum = variant.HeadDim * variant.ValueDim;
        float[] sums = [.. Enumerable.Range(0, pairs).SelectMany(p => states.Skip((p * traits.StateLength) + traits.SumOffset).Take(sum))];
        return new PtxRun(outputs, sums, counters, queries!, keys!, values!, written!);
    }

    private static object[] Rows(int length, int heads, int width, int group) => [(long)length * heads * width, (long)width, (long)heads * width, (long)group];
}
