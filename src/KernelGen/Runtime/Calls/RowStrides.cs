namespace KernelGen.Runtime;

/// <summary>Elements from one batch entry, head and token of a tensor to the next.</summary>
internal readonly record struct RowStrides(nint Batch, nint Head, nint Token)
{
    public static RowStrides Of(TensorLayout layout, int tokens, int heads, int width)
    {
        nint batch = (nint)tokens * heads * width;
        return layout == TensorLayout.HeadFirst
            ? new RowStrides(batch, (nint)tokens * width, width)
            : new RowStrides(batch, width, (nint)heads * width);
    }

    public nint Offset(int batch, int head, int token) => (batch * Batch) + (head * Head) + (token * Token);
}
