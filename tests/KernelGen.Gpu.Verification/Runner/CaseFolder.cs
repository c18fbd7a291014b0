using System.Globalization;
using System.Runtime.InteropServices;

namespace KernelGen.Gpu.Verification.Runner;

/// <summary>Arguments of a kernel case whose buffers lie in files of a temporary folder, which goes when this is disposed of.</summary>
public sealed class CaseFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kernelgen-case-");
    private int _files;

    /// <summary>A number.</summary>
    public static ScalarArgument Scalar<T>(T value)
        where T : unmanaged, IFormattable =>
        new(ElementTypes.Of(typeof(T)), value.ToString(value is float or double ? "R" : null, CultureInfo.InvariantCulture));

    /// <summary>A buffer that the kernel only reads.</summary>
    public BufferArgument Input<T>(ReadOnlySpan<T> values)
        where T : unmanaged =>
        new(ElementTypes.Of(typeof(T)), values.Length, Input: Write(values));

    /// <summary>A buffer that the kernel reads and writes.</summary>
    public BufferArgument InputOutput<T>(ReadOnlySpan<T> values)
        where T : unmanaged =>
        new(ElementTypes.Of(typeof(T)), values.Length, Input: Write(values), Output: NextFile());

    /// <summary>A buffer that the kernel only writes.</summary>
    public BufferArgument Output<T>(int length)
        where T : unmanaged =>
        new(ElementTypes.Of(typeof(T)), length, Output: NextFile());

    /// <summary>What a kernel has left in a buffer.</summary>
    /// <exception cref="FileNotFoundException">The kernel has not run to its end.</exception>
    public static T[] Read<T>(BufferArgument buffer)
        where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(File.ReadAllBytes(buffer.Output ?? throw new ArgumentException("the buffer is no output", nameof(buffer)))).ToArray();

    public void Dispose() => _folder.Delete(recursive: true);

    private string Write<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        string path = NextFile();
        File.WriteAllBytes(path, MemoryMarshal.AsBytes(values));
        return path;
    }

    private string NextFile() => Path.Combine(_folder.FullName, string.Create(CultureInfo.InvariantCulture, $"buffer{_files++}.bin"));
}
