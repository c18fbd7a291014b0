using System.Text.Json.Serialization;

namespace KernelGen.Gpu.Verification.Runner;

/// <summary>One argument of a kernel, as a case file states it.</summary>
/// <param name="Element">Its type, or that of its elements; the kernel's parameter must have the same.</param>
[JsonDerivedType(typeof(ScalarArgument), "scalar")]
[JsonDerivedType(typeof(BufferArgument), "buffer")]
public abstract record KernelArgument(ElementType Element);

/// <summary>A number.</summary>
/// <param name="Element">Its type.</param>
/// <param name="Value">Its value in the invariant culture's digits.</param>
public sealed record ScalarArgument(ElementType Element, string Value) : KernelArgument(Element);

/// <summary>
/// A buffer in the accelerator's memory, which the kernel sees as a view. It begins with <paramref name="Values"/> or with the contents of the file
/// <paramref name="Input"/>; with neither it is uninitialised: the host never writes it under oclgrind, which sees reads of such elements, and fills it with
/// bytes of 0xFF elsewhere (NaN in floating point), so that an element that the kernel leaves out is seen in the results.
/// </summary>
/// <param name="Element">Type of its elements.</param>
/// <param name="Length">Its elements.</param>
/// <param name="Values">What it begins with.</param>
/// <param name="Input">File of its elements in the machine's byte order, as many as it is long.</param>
/// <param name="Output">File that gets its elements when the kernel has run; null where nobody asks.</param>
public sealed record BufferArgument(ElementType Element, long Length, double[]? Values = null, string? Input = null, string? Output = null)
    : KernelArgument(Element);
