namespace KernelGen.Runtime;

/// <summary>How the gradients of one call reach the caller's memory.</summary>
/// <param name="Queries">dq.</param>
/// <param name="Keys">dk and dv, of the first query head that reads a key head.</param>
internal readonly record struct BackwardModes(OutputMode Queries, OutputMode Keys)
{
    /// <summary>Chooses the modes; the memory must be pinned for the whole call.</summary>
    public static unsafe BackwardModes Choose<T>(T* dq, long queryElements, T* dk, long keyElements, T* dv, long valueElements, in Geometry geometry, KernelTraits traits)
        where T : unmanaged
    {
        OutputMode queries = OutputStore.Choose(dq, queryElements, traits.HeadDim);

        // Rows that further heads will add to are read back at once; those of a 16-bit format are added up before they are rounded.
        OutputMode keys = geometry.Group > 1
            ? (traits.IsNarrow ? OutputMode.Keep : OutputMode.Store)
            : Common(OutputStore.Choose(dk, keyElements, traits.HeadDim), OutputStore.Choose(dv, valueElements, traits.ValueDim));
        return new BackwardModes(queries, keys);
    }

    /// <summary>Whether stores past the caches were made, which a fence must follow.</summary>
    public bool IsStreamed => Queries != OutputMode.Store || Keys != OutputMode.Store;

    /// <summary>The mode of a phase: further heads of a group add to what the first stored.</summary>
    public OutputMode Of(BackwardTokens tokens, bool isFirstOfGroup) => tokens switch
    {
        BackwardTokens.Queries => Queries,
        BackwardTokens.Keys => isFirstOfGroup ? Keys : OutputMode.Add,
        _ => OutputMode.Store,
    };

    /// <summary>What suits both of two outputs: only whole lines can be streamed, anything can be staged, and small or narrow outputs gain nothing by either.</summary>
    internal static OutputMode Common(OutputMode a, OutputMode b)
    {
        if (a == OutputMode.Store || b == OutputMode.Store)
            return OutputMode.Store;
        return a == OutputMode.Stage || b == OutputMode.Stage ? OutputMode.Stage : OutputMode.Stream;
    }
}
