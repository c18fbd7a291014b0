using System.Diagnostics;
using ILGPU;
using ILGPU.Runtime;
using KernelGen.Gpu;
using KernelGen.Gpu.Kernels;

namespace KernelGen.Benchmarks.Gpu;

/// <summary>Milliseconds of calls on the device that <see cref="GpuDevice.Open"/> picks; for machines that have one.</summary>
internal static class GpuTimes
{
    private const int Length = 4096;
    private const int Heads = 8;
    private const int Dim = 64;
    private const int Calls = 20;

    /// <summary>Forward, backward and a step of two declarations with 8 heads of 64: medians.</summary>
    public static IEnumerable<(string Name, double Milliseconds)> Measure()
    {
        using GpuDevice device = GpuDevice.Open();
        using GpuAttention<float> elu = EluCausal.OnGpu(device), lightning = Lightning.OnGpu(device);
        foreach ((string name, GpuAttention<float> attention) in new[] { (nameof(EluCausal), elu), (nameof(Lightning), lightning) })
        {
            int count = Length * Heads * Dim;
            using var memory = device.Accelerator.Allocate1D<float>(8 * count);
            memory.MemSetToZero();
            using GpuState state = attention.CreateState(1, Heads);
            ArrayView<float>[] views = [.. Enumerable.Range(0, 8).Select(i => memory.View.SubView(i * count, count))];
            ArrayView<float>[] rows = [.. views.Select(v => v.SubView(0, Heads * Dim))];
            AttentionShape shape = new(1, Length, Heads), one = new(1, 1, Heads);
            yield return ($"gpu.measured.{name}.forward.h{Heads}.t{Length}.ms", Median(device, () => attention.Forward(views[0], views[1], views[2], views[3], shape)));
            yield return ($"gpu.measured.{name}.backward.h{Heads}.t{Length}.ms", Median(device, () => attention.Backward(views[0], views[1], views[2], views[4], views[5], views[6], views[7], shape)));
            yield return ($"gpu.measured.{name}.step.h{Heads}.ms", Median(device, () => attention.Forward(rows[0], rows[1], rows[2], rows[3], one, new() { State = state })));
        }
    }

    private static double Median(GpuDevice device, Action call)
    {
        call();
        device.Accelerator.Synchronize();
        double[] times = new double[Calls];
        for (int i = 0; i < Calls; i++)
        {
            long start = Stopwatch.GetTimestamp();
            call();
            device.Accelerator.Synchronize();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[Calls / 2];
    }
}
