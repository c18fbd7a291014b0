namespace KernelGen.Gpu.Verification.Runner;

/// <summary>Type of a kernel's scalar, or of a buffer's elements.</summary>
public enum ElementType
{
    /// <summary><see cref="float"/>.</summary>
    Float,

    /// <summary><see cref="double"/>.</summary>
    Double,

    /// <summary><see cref="int"/>.</summary>
    Int,

    /// <summary><see cref="long"/>.</summary>
    Long,

    /// <summary><see cref="ushort"/>: 16-bit floats of either kind, as kernels see them.</summary>
    UShort,
}

/// <summary>Which C# type an <see cref="ElementType"/> is.</summary>
public static class ElementTypes
{
    /// <summary>The C# type.</summary>
    public static Type ClrType(this ElementType element) => element switch
    {
        ElementType.Float => typeof(float),
        ElementType.Double => typeof(double),
        ElementType.Int => typeof(int),
        ElementType.Long => typeof(long),
        ElementType.UShort => typeof(ushort),
        _ => throw new ArgumentOutOfRangeException(nameof(element)),
    };

    /// <summary>The element type of a C# type.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public static ElementType Of(Type type)
    {
        foreach (ElementType element in Enum.GetValues<ElementType>())
        {
            if (element.ClrType() == type)
                return element;
        }

        throw new NotSupportedException($"no kernel argument is of {type}");
    }
}
