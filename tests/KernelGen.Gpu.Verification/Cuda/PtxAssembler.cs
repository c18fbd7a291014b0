using KernelGen.Gpu.Verification.Runner;
using KernelGen.Gpu.Verification.Sass;

namespace KernelGen.Gpu.Verification.Cuda;

/// <summary>
/// Assembles PTX with NVIDIA's ptxas and reads the machine code back. A driver assembles with a ptxas of its own version: figures of another version may
/// differ from these.
/// </summary>
public sealed class PtxAssembler(CudaTools tools)
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(2);

    /// <summary>Assembles one text.</summary>
    /// <param name="ptx">The PTX text, of one module.</param>
    /// <param name="architecture">Target, for example <c>sm_80</c>; not below the text's own.</param>
    /// <exception cref="ToolException">ptxas or cuobjdump refuses it, or takes longer than two minutes; the message is the tool's.</exception>
    public PtxAssembly Assemble(string ptx, string architecture)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("kernelgen-ptx-");
        try
        {
            string source = Path.Combine(folder.FullName, "kernel.ptx");
            string binary = Path.Combine(folder.FullName, "kernel.cubin");
            File.WriteAllText(source, ptx);
            string report = Run(tools.Ptxas, "-v", "-arch=" + architecture, source, "-o", binary);
            string listing = Run(tools.Cuobjdump, "-sass", binary);
            string[] warnings = [.. report.Split('\n').Where(line => line.Contains("warning", StringComparison.OrdinalIgnoreCase))];
            return new PtxAssembly(AssembledKernel.ParseReport(report), SassListing.Parse(listing), warnings);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Run(string program, params string[] arguments)
    {
        ChildProcess ended = ChildProcess.Run(program, arguments, new Dictionary<string, string?>(), _limit);
        string name = Path.GetFileNameWithoutExtension(program);
        if (ended.HasTimedOut)
            throw new ToolException($"{name} did not end within {_limit.TotalSeconds} s");
        if (ended.ExitCode != 0)
            throw new ToolException($"{name} ended with {ended.ExitCode}:\n{ended.Output}{ended.Errors}");
        return ended.Output + ended.Errors;
    }
}
