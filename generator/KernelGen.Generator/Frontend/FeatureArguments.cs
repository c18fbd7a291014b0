using KernelGen.Generator.Expressions;
using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;

namespace KernelGen.Generator.Frontend;

/// <summary>The arguments of a system whose features are more than a pointwise map.</summary>
internal abstract record FeatureArguments
{
    /// <summary>Width of a mapped row.</summary>
    public abstract int Width { get; }

    /// <summary>Whether the map is any function of the projected rows, of the class's own perhaps.</summary>
    public abstract bool TakesMap { get; }

    /// <summary>The stages of queries and of keys.</summary>
    /// <param name="map">The function of the projected rows, where there is one.</param>
    public abstract (EquatableArray<FeatureStage> Queries, EquatableArray<FeatureStage> Keys) Stages(Expr map);

    /// <summary>A count of projected rows, or <paramref name="otherwise"/> where none is given.</summary>
    protected static int ReadCount(AttributeArguments arguments, int otherwise, Findings findings)
    {
        const string Name = "Features";
        const int Smallest = 1, Greatest = 4096;
        int count = arguments.Int32(Name, 0);
        if (count is < 0 or > Greatest)
            findings.Add(Diagnostics.FeaturesRange, arguments.LocationOf(Name), NumberText.Of(Smallest), NumberText.Of(Greatest), NumberText.Of(count));
        return count > 0 ? count : Math.Max(Smallest, Math.Min(Greatest, otherwise));
    }

    protected static (EquatableArray<FeatureStage> Queries, EquatableArray<FeatureStage> Keys) Both(params FeatureStage[] stages) => (stages, stages);
}
