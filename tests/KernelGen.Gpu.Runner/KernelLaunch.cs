using System.Globalization;
using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;
using KernelGen.Gpu.Verification.Runner;

namespace KernelGen.Gpu.Runner;

/// <summary>Launches a kernel of a case file once.</summary>
internal static class KernelLaunch
{
    /// <summary>Makes the buffers, runs the kernel to its end and writes the outputs' files.</summary>
    /// <exception cref="ArgumentException">The arguments do not fit the method's parameters.</exception>
    public static void Run(Accelerator accelerator, MethodInfo method, KernelCase kernel)
    {
        ParameterInfo[] parameters = method.GetParameters();
        if (parameters.Length != kernel.Arguments.Count)
            throw new ArgumentException($"{method.Name} has {parameters.Length} parameters, the case {kernel.Arguments.Count} arguments");

        List<DeviceBuffer> buffers = [];
        try
        {
            object[] values = [.. kernel.Arguments.Zip(parameters, (argument, parameter) => Bind(accelerator, argument, parameter, buffers))];
            AcceleratorStream stream = accelerator.DefaultStream;
            using Kernel loaded = accelerator.LoadKernel(method, new KernelSpecialization(kernel.GroupSize, null));

            // Kernel.Launch takes indices of implicitly grouped kernels only: the launcher that it would call takes either.
            loaded.Launcher!.Invoke(null, [loaded, stream, new KernelConfig(kernel.Grid, kernel.GroupSize), .. values]);
            stream.Synchronize();
            foreach (DeviceBuffer buffer in buffers)
                buffer.Save(stream);
        }
        finally
        {
            foreach (DeviceBuffer buffer in buffers)
                buffer.Dispose();
        }
    }

    private static object Bind(Accelerator accelerator, KernelArgument argument, ParameterInfo parameter, List<DeviceBuffer> buffers)
    {
        Type element = argument.Element.ClrType();
        if (argument is ScalarArgument scalar)
        {
            if (parameter.ParameterType != element)
                throw Misfit(argument, parameter);
            return Convert.ChangeType(scalar.Value, element, CultureInfo.InvariantCulture);
        }

        DeviceBuffer buffer = DeviceBuffer.Create(accelerator, (BufferArgument)argument, IsOclgrind(accelerator));
        buffers.Add(buffer);
        return buffer.ViewAs(parameter.ParameterType) ?? throw Misfit(argument, parameter);
    }

    private static ArgumentException Misfit(KernelArgument argument, ParameterInfo parameter) =>
        new($"an argument of {argument.Element} does not fit {parameter.ParameterType} {parameter.Name}");

    private static bool IsOclgrind(Accelerator accelerator) => accelerator is CLAccelerator && AcceleratorProcess.IsOclgrind(accelerator.Name);
}
