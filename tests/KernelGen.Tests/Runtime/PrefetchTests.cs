using KernelGen.Runtime;

namespace KernelGen.Tests.Runtime;

public sealed class PrefetchTests
{
    [Theory]
    [InlineData(4, 256)]
    [InlineData(1, 1)]
    [InlineData(0, 256)]
    [InlineData(-1, 256)]
    [InlineData(3, 0)]
    public void Rows_EvenFarBeyondTheArray_NeitherFaultNorChangeAnything(int rows, int bytesPerRow)
    {
        float[] floats = [1, 2, 3];
        double[] doubles = [1, 2, 3];
        // Rows a gibibyte apart lie in no memory of this process.
        Prefetch.Rows(in floats[1], 1 << 28, rows, bytesPerRow);
        Prefetch.Rows(in doubles[1], -(1 << 27), rows, bytesPerRow);
        Assert.Equal([1f, 2f, 3f], floats);
        Assert.Equal([1.0, 2.0, 3.0], doubles);
    }
}
