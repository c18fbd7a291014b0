namespace KernelGen.Tests.Hosting;

/// <summary>Memory for a result: NaN until written, between guards that nobody may touch.</summary>
/// <typeparam name="T">Element type.</typeparam>
internal sealed class GuardedBuffer<T>
    where T : unmanaged, IEquatable<T>
{
    // Wider than any vector, in elements: an overrun of a whole register is seen.
    private const int GuardLength = 32;

    private static readonly T s_guard = Element<T>.From(-12345.5);
    private readonly T[] _memory;
    private readonly string _name;

    public GuardedBuffer(string name, int length)
    {
        _name = name;
        _memory = new T[length + (2 * GuardLength)];
        _memory.AsSpan().Fill(s_guard);
        Span.Fill(Element<T>.NaN);
    }

    public Span<T> Span => _memory.AsSpan(GuardLength, _memory.Length - (2 * GuardLength));

    /// <summary>The result in double precision (which holds every bit of it), once the guards have been found whole.</summary>
    public double[] Read()
    {
        Assert.True(
            !_memory.AsSpan(0, GuardLength).ContainsAnyExcept(s_guard) && !_memory.AsSpan(_memory.Length - GuardLength).ContainsAnyExcept(s_guard),
            $"{_name}: memory beside it was written");
        double[] values = new double[Span.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = Element<T>.ToDouble(Span[i]);
        return values;
    }
}
