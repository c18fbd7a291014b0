using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Runtime;

namespace KernelGen.Gpu;

/// <summary>A phase, compiled for a device.</summary>
/// <typeparam name="TLauncher">The form of its pass, with what a launch adds.</typeparam>
internal sealed class LoadedKernel<TLauncher> : IDisposable
    where TLauncher : Delegate
{
    private readonly Kernel _kernel;

    /// <exception cref="InvalidOperationException">The device cannot run it; the message names both.</exception>
    public LoadedKernel(GpuDevice device, string variant, GpuPhase phase)
    {
        Accelerator accelerator = device.Accelerator;
        if (TensorCore.IsSupported(accelerator))
            phase = phase.OnTensorCores ?? phase;
        Phase = phase;
        if (phase.Threads > accelerator.MaxNumThreadsPerGroup || phase.SharedBytes > accelerator.MaxSharedMemoryPerGroup)
        {
            throw new InvalidOperationException(FormattableString.Invariant(
                $"{variant}.{phase.Name} takes {phase.Threads} threads and {phase.SharedBytes} bytes of shared memory a block; {device.Name} has {accelerator.MaxNumThreadsPerGroup} and {accelerator.MaxSharedMemoryPerGroup}."));
        }

        try
        {
            CompiledKernel compiled = accelerator.GetBackend().Compile(EntryPointDescription.FromExplicitlyGroupedKernel(phase.Method), phase.Specialization);
            _kernel = accelerator.LoadKernel(compiled);
            Launch = _kernel.CreateLauncherDelegate<TLauncher>();
        }
        catch (InternalCompilerException failure)
        {
            throw new InvalidOperationException($"{variant}.{phase.Name} could not be compiled for {device.Name}: {failure.Message}", failure);
        }
    }

    public GpuPhase Phase { get; }

    public TLauncher Launch { get; }

    public void Dispose() => _kernel.Dispose();

    /// <summary>All of a pass, or none.</summary>
    public static LoadedKernel<TLauncher>[] All(GpuDevice device, string variant, IEnumerable<GpuPhase> phases)
    {
        List<LoadedKernel<TLauncher>> loaded = [];
        try
        {
            foreach (GpuPhase phase in phases)
                loaded.Add(new LoadedKernel<TLauncher>(device, variant, phase));
            return [.. loaded];
        }
        catch
        {
            loaded.ForEach(k => k.Dispose());
            throw;
        }
    }
}
