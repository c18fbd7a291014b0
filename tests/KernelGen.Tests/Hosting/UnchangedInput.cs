using System.Runtime.InteropServices;

namespace KernelGen.Tests.Hosting;

/// <summary>An input in the kernels' element type that must be the same, to the bit (it may hold NaN), when the call is over.</summary>
/// <typeparam name="T">Element type.</typeparam>
internal sealed class UnchangedInput<T>(string name, double[] values) : IUnchangedInput
    where T : unmanaged
{
    private readonly T[] _before = Array.ConvertAll(values, Element<T>.From);

    public T[] Values { get; } = Array.ConvertAll(values, Element<T>.From);

    public void Check() => Assert.True(MemoryMarshal.AsBytes<T>(_before).SequenceEqual(MemoryMarshal.AsBytes<T>(Values)), $"{name} was changed by the call");
}

/// <summary>An input of whatever element type.</summary>
internal interface IUnchangedInput
{
    void Check();
}
