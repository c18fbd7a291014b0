using System.ComponentModel;

namespace KernelGen.Runtime;

/// <summary>How a kernel's output rows reach the caller's memory.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum OutputMode
{
    /// <summary>By ordinary stores.</summary>
    Store,

    /// <summary>By stores past the caches: every row starts on a 64-byte boundary, is a multiple of 64 bytes long, and lies in pinned memory.</summary>
    Stream,

    /// <summary>A chunk's rows into scratch, from there line by line past the caches: rows start anywhere, in pinned memory.</summary>
    Stage,

    /// <summary>A chunk's rows into scratch, from there added to what the caller's memory holds.</summary>
    Add,

    /// <summary>A chunk's rows into scratch, from there unrounded to rows of the arithmetic's own type: of a gradient that further heads add to and that is then rounded once.</summary>
    Keep,
}
