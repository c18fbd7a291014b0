using System.Globalization;
using System.Reflection;
using System.Runtime.ExceptionServices;
using ILGPU.Runtime;
using KernelGen.Gpu.Runner;
using KernelGen.Gpu.Verification.Runner;

const int BadUsage = 2;
const string Usage = """
    usage: runner cpu|cuda|opencl CASE-FILE
           runner cpu|cuda|opencl call ASSEMBLY TYPE METHOD [ARGUMENT ...]
    """;

try
{
    switch (args)
    {
        case ["cpu" or "cuda" or "opencl", "call", string assembly, string type, string method, ..]:
            return Call(args[0], assembly, type, method, args[5..]);
        case ["cpu" or "cuda" or "opencl", string path]:
            Launch(args[0], KernelCase.Load(path));
            return 0;
        default:
            Console.Error.WriteLine(Usage);
            return BadUsage;
    }
}
catch (Exception error)
{
    // ILGPU wraps what went wrong in exceptions of its own.
    for (Exception? each = error; each is not null; each = each.InnerException)
        Console.Error.WriteLine($"{each.GetType().Name}: {each.Message}");
    Console.Error.WriteLine(error.GetBaseException().StackTrace);
    return 1;
}

static void Launch(string device, KernelCase kernel)
{
    MethodInfo method = Method(kernel.Assembly, kernel.Type, kernel.Method);
    using AcceleratorHost host = AcceleratorHost.Create(device, kernel.GroupSize);
    KernelLaunch.Run(host.Accelerator, method, kernel);
}

static int Call(string device, string assembly, string type, string method, string[] arguments)
{
    MethodInfo called = Method(assembly, type, method);
    if (called.ReturnType != typeof(int) || !called.GetParameters().Select(one => one.ParameterType).SequenceEqual([typeof(Accelerator), typeof(string[])]))
        throw new ArgumentException($"{type}.{method} is not int {method}(Accelerator, string[])");

    string? group = Environment.GetEnvironmentVariable(AcceleratorProcess.GroupSizeVariable);
    using AcceleratorHost host = AcceleratorHost.Create(device, group is null ? 256 : int.Parse(group, CultureInfo.InvariantCulture));
    try
    {
        return (int)called.Invoke(null, [host.Accelerator, arguments])!;
    }
    catch (TargetInvocationException error)
    {
        ExceptionDispatchInfo.Throw(error.InnerException!);
        throw;
    }
}

static MethodInfo Method(string assembly, string type, string method) =>
    Assembly.LoadFrom(assembly).GetType(type, throwOnError: true)!.GetMethod(method, BindingFlags.Public | BindingFlags.Static)
        ?? throw new MissingMethodException(type, method);
