namespace KernelGen.Generator;

/// <summary>Names under which the driver tracks the steps of the pipeline.</summary>
internal static class StepNames
{
    public const string Spec = "Spec";
    public const string DenseSpec = "DenseSpec";
    public const string BlockSpec = "BlockSpec";
}
