using System.Globalization;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using KernelGen;
using KernelGen.Gpu;

// What a user of both packages would write, on the accelerator that every machine has: outputs, and gradients for training, compared with the CPU's.
const int Length = 40, Heads = 2, Dim = 16;
AttentionShape shape = new(Batch: 1, Length, Heads);
float[] q = Numbers(1), k = Numbers(2), v = Numbers(3), dO = Numbers(4);
float[] o = new float[q.Length], dq = new float[q.Length], dk = new float[q.Length], dv = new float[q.Length];
BuiltIn.Forward(q, k, v, o, shape);
BuiltIn.Backward(q, k, v, dO, dq, dk, dv, shape);

using Context context = Context.Create(builder => builder.CPU(new CPUDevice(32, 1, 1)));
using Accelerator accelerator = context.CreateCPUAccelerator(0);
using GpuDevice device = GpuDevice.On(accelerator);
using GpuAttention<float> attention = BuiltIn.OnGpu(device);
using var input = accelerator.Allocate1D(q.Concat(k).Concat(v).Concat(dO).ToArray());
using var output = accelerator.Allocate1D<float>(4 * q.Length);
ArrayView<float> qView = Part(input.View, 0), kView = Part(input.View, 1), vView = Part(input.View, 2), dOView = Part(input.View, 3);
attention.Forward(qView, kView, vView, Part(output.View, 0), shape);
attention.Backward(qView, kView, vView, dOView, Part(output.View, 1), Part(output.View, 2), Part(output.View, 3), shape);
accelerator.Synchronize();
float[] results = output.GetAsArray1D(), expected = [.. o, .. dq, .. dk, .. dv];
double difference = expected.Zip(results, (a, b) => (double)Math.Abs(a - b)).Max();
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"largest difference {difference:E2}"));
return difference < 1e-5 ? 0 : 1;

static float[] Numbers(int seed)
{
    Random random = new(seed);
    return [.. Enumerable.Range(0, Length * Heads * Dim).Select(_ => random.NextSingle() - 0.5f)];
}

ArrayView<float> Part(ArrayView<float> view, int part) => view.SubView(part * q.Length, q.Length);

[LinearAttention(HeadDim = Dims.Head)]
internal static partial class BuiltIn;

internal static class Dims
{
    public const int Head = 16;
}
