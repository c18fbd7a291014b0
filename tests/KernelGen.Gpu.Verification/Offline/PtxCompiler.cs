using System.Reflection;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace KernelGen.Gpu.Verification.Offline;

/// <summary>
/// Compiles kernels to PTX without a device, as ILGPU would on one: full optimisation, no libdevice, no ILGPU.Algorithms. One context and one
/// back end a target are kept until the compiler is disposed, and what was compiled. Safe to call from several threads, one compilation at a time.
/// </summary>
public sealed class PtxCompiler : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<CudaTarget, PTXBackend> _backends = [];
    private readonly Dictionary<(MethodInfo Kernel, KernelSpecialization Specialization, CudaTarget Target), PtxKernel> _kernels = [];
    private Context? _context;
    private bool _isDisposed;

    /// <summary>Compiles one kernel.</summary>
    /// <param name="kernel">A static method, explicitly grouped; a generic one closed.</param>
    /// <param name="groupSize">Threads a block, 1 to 1024.</param>
    /// <param name="target">The architecture.</param>
    /// <exception cref="PtxCompileException">ILGPU refused the kernel.</exception>
    public PtxKernel Compile(MethodInfo kernel, int groupSize, CudaTarget target) => Compile(kernel, new KernelSpecialization(groupSize, null), target);

    /// <summary>The same with all that a launch says of a kernel beforehand.</summary>
    /// <param name="kernel">A static method, explicitly grouped.</param>
    /// <param name="specialization">Threads a block, and blocks a multiprocessor at least.</param>
    /// <param name="target">The architecture.</param>
    /// <exception cref="PtxCompileException">ILGPU refused the kernel.</exception>
    public PtxKernel Compile(MethodInfo kernel, KernelSpecialization specialization, CudaTarget target)
    {
        int groupSize = specialization.MaxNumThreadsPerGroup ?? 0;
        ArgumentOutOfRangeException.ThrowIfNotEqual(groupSize is > 0 and <= 1024, true, nameof(specialization));
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_kernels.TryGetValue((kernel, specialization, target), out PtxKernel? known))
                return known;

            try
            {
                EntryPointDescription entry = EntryPointDescription.FromExplicitlyGroupedKernel(kernel);
                CompiledKernel compiled = Backend(target).Compile(entry, specialization);
                PtxKernel text = new(compiled.Name, ((PTXCompiledKernel)compiled).PTXAssembly, groupSize, target);
                _kernels.Add((kernel, specialization, target), text);
                return text;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                Exception cause = failure.GetBaseException();
                throw new PtxCompileException($"Kernel {kernel.DeclaringType?.Name}.{kernel.Name} does not compile for {target}: {cause.Message}", failure);
            }
        }
    }

    /// <summary>Compiles the method of a delegate, as <see cref="Compile(MethodInfo, int, CudaTarget)"/> does.</summary>
    public PtxKernel Compile(Delegate kernel, int groupSize, CudaTarget target) => Compile(kernel.Method, groupSize, target);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;

            _isDisposed = true;
            foreach (PTXBackend backend in _backends.Values)
                backend.Dispose();
            _context?.Dispose();
        }
    }

    private PTXBackend Backend(CudaTarget target)
    {
        if (_backends.TryGetValue(target, out PTXBackend? known))
            return known;

        (CudaArchitecture architecture, CudaInstructionSet instructions) = target switch
        {
            CudaTarget.Sm70 => (CudaArchitecture.SM_70, CudaInstructionSet.ISA_70),
            CudaTarget.Sm80 => (CudaArchitecture.SM_80, CudaInstructionSet.ISA_78),
            CudaTarget.Sm86 => (CudaArchitecture.SM_86, CudaInstructionSet.ISA_78),
            CudaTarget.Sm90 => (CudaArchitecture.SM_90, CudaInstructionSet.ISA_80),
            _ => throw new ArgumentOutOfRangeException(nameof(target), target, null),
        };
        _context ??= Context.Create(builder => builder.Optimize(OptimizationLevel.O2));
        PTXBackend backend = new(_context, new CudaCapabilityContext(architecture), architecture, instructions, null);
        _backends.Add(target, backend);
        return backend;
    }
}
