using KernelGen.Generator.Spec;
using KernelGen.Generator.Surface;

namespace KernelGen.Generator;

/// <summary>From a block to the files of its class: the surface, and the kernels of its attention and its dense layers.</summary>
internal static class BlockCompiler
{
    public static IReadOnlyList<(string HintName, string Source)> Compile(BlockSpec spec)
    {
        (SurfaceModel attention, IReadOnlyList<(string, string)> files) = Compiler.Kernels(spec.Attention);
        List<(string, string)> kernels = [.. files];
        List<(DenseSpec, DenseModel)> layers = [];
        foreach (DenseSpec layer in new[] { spec.Projection, spec.Output, spec.Glu, spec.Down })
        {
            (DenseModel model, IReadOnlyList<(string, string)> sources) = DenseCompiler.Kernels(layer);
            layers.Add((layer, model));
            kernels.AddRange(sources);
        }

        return [(spec.Type.HintName + ".g.cs", BlockSurfaceWriter.Write(spec, attention, layers)), .. kernels];
    }
}
