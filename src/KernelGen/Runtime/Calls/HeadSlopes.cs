using System.Numerics;

namespace KernelGen.Runtime;

/// <summary>The slopes of a call's heads, wherever the declaration takes them from.</summary>
internal static class HeadSlopes
{
    /// <summary>Fills in the published slopes, rounded to the element type.</summary>
    public static void FillLightning<T>(Span<T> slopes)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int h = 0; h < slopes.Length; h++)
            slopes[h] = T.CreateTruncating(LightningSlopes.Of(h, slopes.Length));
    }
}
