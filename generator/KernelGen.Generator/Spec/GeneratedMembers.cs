namespace KernelGen.Generator.Spec;

/// <summary>
/// Names of the members that the generator adds to a declared class. The surface writes these and no others; the front end refuses a
/// class that has a member of its own by one of them.
/// </summary>
internal static class GeneratedMembers
{
    public const string Forward = "Forward";
    public const string Backward = "Backward";
    public const string Step = "Step";
    public const string CreateState = "CreateState";
    public const string ReadState = "ReadState";
    public const string Info = "Info";

    public const string OnGpu = "OnGpu";

    public static IReadOnlyList<string> All { get; } = new[] { Forward, Backward, Step, CreateState, ReadState, Info };

    /// <summary>Weights of a dense layer, packed.</summary>
    public const string Pack = "Pack";

    /// <summary>Those of a dense layer.</summary>
    public static IReadOnlyList<string> OfDense { get; } = new[] { Forward, Backward, Pack, Info };

    /// <summary>Those of a block.</summary>
    public static IReadOnlyList<string> OfBlock { get; } = new[] { Forward, Backward, Pack, CreateState, ReadState };

    /// <summary>Those of a project that references the GPU library.</summary>
    public static IReadOnlyList<string> WithGpu { get; } = new[] { Forward, Backward, Step, CreateState, ReadState, Info, OnGpu };
}
