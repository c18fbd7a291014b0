namespace KernelGen.Generator.Spec;

/// <summary>How q, k, v, outputs and their gradients are stored; states and arithmetic are of the <see cref="ElementType"/>.</summary>
internal enum ElementStorage
{
    /// <summary>In the element type.</summary>
    Unchanged,

    /// <summary>In IEEE 754 binary16; the element type is float32.</summary>
    Float16,

    /// <summary>In bfloat16; the element type is float32.</summary>
    BFloat16,
}
