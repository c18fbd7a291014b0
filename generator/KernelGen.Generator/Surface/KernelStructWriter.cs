using KernelGen.Generator.Spec;
using KernelGen.Generator.Support;
using KernelGen.Generator.Text;

namespace KernelGen.Generator.Surface;

/// <summary>
/// Writes the struct that gives the runtime the declaration's facts and kernels. It stands in a namespace of its own rather than inside the
/// declared class, which may be generic, and whose members must not meet ours.
/// </summary>
internal static class KernelStructWriter
{
    public static void Write(CodeWriter writer, KernelSpec spec, SurfaceModel model)
    {
        using (writer.Block($"namespace {SurfaceNames.KernelNamespace}"))
        {
            writer.Line(SurfaceNames.GeneratedCode);
            writer.Line(SurfaceNames.Hidden);
            string element = SurfaceNames.Element(spec.ElementType);
            using (writer.Block($"internal readonly struct {SurfaceNames.KernelStruct(spec)} : {SurfaceNames.Runtime}IStateKernel<{element}>"))
            {
                WriteTraits(writer, spec, model);
                writer.Line();
                WriteDispatch(writer, "Sweep", element, model.Levels);
                writer.Line();
                WritePhase(writer, "Read", element, model.Levels, model.HasRead, "A causal sweep writes its own outputs.");
                writer.Line();
                WritePhase(writer, "Contribute", element, model.Levels, model.Window is not null, "The sweep cannot be cut along the sequence.");
                writer.Line();
                WritePhase(writer, "Fold", element, model.Levels, model.Window is not null, "The sweep cannot be cut along the sequence.");
                writer.Line();
                WritePhase(writer, "Emit", element, model.Levels, model.Window is { Emits: true }, "The sweep has no outputs, or cannot be cut along the sequence.");
                writer.Line();
                BackwardTraitsWriter.WriteDispatch(writer, element, model);
            }
        }
    }

    private static void WriteTraits(CodeWriter writer, KernelSpec spec, SurfaceModel model)
    {
        StateBlockLayout state = model.State;
        using (writer.Block($"public static {SurfaceNames.Runtime}KernelTraits Traits {{ get; }} = new {SurfaceNames.Runtime}KernelTraits", ";"))
        {
            writer.Line($"Name = {CSharpText.Literal(spec.Type.FullName)},");
            writer.Line($"Variant = {CSharpText.Literal(model.Variant)},");
            writer.Line($"HeadDim = {CodeWriter.Text(spec.HeadDim)},");
            writer.Line($"FeatureDim = {CodeWriter.Text(model.FeatureDim)},");
            writer.Line($"ValueDim = {CodeWriter.Text(spec.ValueDim)},");
            writer.Line($"ChunkSize = {CodeWriter.Text(spec.ChunkSize)},");
            if (spec.Projects)
                writer.Line($"ProjectedDim = {CodeWriter.Text(spec.ProjectedDim)},");
            if (spec.Projection is { HasBias: true })
                writer.Line("HasProjectionBias = true,");
            if (spec.Projection is { IsOwn: true })
                writer.Line("HasKeyProjection = true,");
            if (spec.KeyStabilizer != Stabilizer.None)
                writer.Line("ScalesStates = true,");
            writer.Line($"Causal = {CSharpText.Literal(spec.Causal)},");
            writer.Line($"Normalized = {CSharpText.Literal(spec.Normalizer is not null)},");
            writer.Line($"Decay = global::KernelGen.Decay.{SurfaceNames.Decay(spec.Decay)},");
            writer.Line($"DType = global::KernelGen.DType.{SurfaceNames.DType(spec)},");
            writer.Line($"InstructionSets = {string.Join(" | ", model.Levels.OrderBy(l => l.Level).Select(l => "global::KernelGen.InstructionSets." + SurfaceNames.Levels[l.Level]))},");
            using (writer.Block($"State = new {SurfaceNames.Runtime}StateLayout", ","))
            {
                writer.Line($"Length = {CodeWriter.Text(state.Length)},");
                writer.Line($"SumOffset = {CodeWriter.Text(state.SumOffset)},");
                writer.Line($"SumStride = {CodeWriter.Text(state.SumStride)},");
                writer.Line($"SumCompensationOffset = {CodeWriter.Text(state.SumCompensationOffset)},");
                writer.Line($"NormalizerOffset = {CodeWriter.Text(state.NormalizerOffset)},");
                writer.Line($"NormalizerCompensationOffset = {CodeWriter.Text(state.NormalizerCompensationOffset)},");
                writer.Line($"ChunkOffset = {CodeWriter.Text(state.ChunkOffset)},");
            }

            writer.Line($"ScratchLength = {CodeWriter.Text(model.ScratchLength)},");
            BackwardTraitsWriter.WriteTraits(writer, model.Backward);
            if (model.Window is { } window)
                writer.Line($"Window = {Window(window)},");
            writer.Line($"UsefulFlopsPerToken = {model.UsefulFlopsPerToken.ToString(System.Globalization.CultureInfo.InvariantCulture)}L,");
            writer.Line($"RegisterTiles = new string[] {{ {string.Join(", ", SurfaceNames.Levels.Select((_, level) => CSharpText.Literal(Tile(model.Levels, level))))} }},");
        }
    }

    public static string Window(WindowLayout window) =>
        $"new {SurfaceNames.Runtime}WindowTraits({CodeWriter.Text(window.SlotLength)}, {CodeWriter.Text(window.Sums)}, {CSharpText.Literal(window.Emits)})";

    private static string Tile(EquatableArray<LevelKernels> levels, int level) =>
        levels.FirstOrDefault(l => l.Level == level)?.RegisterTile ?? "not emitted";

    private static void WriteDispatch(CodeWriter writer, string method, string element, EquatableArray<LevelKernels> levels)
    {
        using (writer.Block(Signature(method, element)))
            LevelSwitch.Write(writer, levels, kernels => $"{kernels.ClassName}.{method}(ref frame);");
    }

    private static void WritePhase(CodeWriter writer, string method, string element, EquatableArray<LevelKernels> levels, bool exists, string whyNot)
    {
        if (exists)
        {
            WriteDispatch(writer, method, element, levels);
            return;
        }

        writer.Line("// " + whyNot);
        using (writer.Block(Signature(method, element)))
        {
        }
    }

    private static string Signature(string method, string element) =>
        $"public static void {method}(global::KernelGen.InstructionSet level, ref {SurfaceNames.Runtime}KernelFrame<{element}> frame)";
}
