using System.Runtime.CompilerServices;
using KernelGen.Variants;

namespace KernelGen.Generator.Tests.Snapshots;

/// <summary>Every verified file belongs to a test that still exists: one that is never compared would rot unseen.</summary>
public class SnapshotFilesTests
{
    [Fact]
    public void VerifiedFiles_EachOne_BelongsToATest()
    {
        string[] tests = [nameof(TileProgramTests.Programs_Variant_AreAsVerified), nameof(TileProgramTests.BackwardPrograms_Variant_AreAsVerified)];
        string[] programs = [.. tests.SelectMany(test => VariantTable.Names.Select(name => $"{nameof(TileProgramTests)}.{test}_variant={name}.verified.txt"))];
        string[] files =
        [
            $"{nameof(EmittedFileTests)}.{nameof(EmittedFileTests.Compile_SmallDims_SurfaceAndVectorKernelsAreAsVerified)}#",
            $"{nameof(EmittedFileTests)}.{nameof(EmittedFileTests.Compile_SmallDims_BackwardKernelsAreAsVerified)}#",
            $"{nameof(EmittedFileTests)}.{nameof(EmittedFileTests.Compile_TensorsInSixteenBits_SurfaceAndVectorKernelsAreAsVerified)}#",
            $"{nameof(EmittedFileTests)}.{nameof(EmittedFileTests.Compile_OddDims_ScalarKernelsAreAsVerified)}#",
            $"{nameof(EmittedFileTests)}.{nameof(EmittedFileTests.Compile_DenseLayer_SurfaceAndVectorKernelsAreAsVerified)}#",
            $"{nameof(EmittedFileTests)}.{nameof(EmittedFileTests.Compile_SmallDims_GpuHeadIsAsVerified)}#",
            $"{nameof(EmittedFileTests)}.{nameof(EmittedFileTests.Compile_TensorsInSixteenBits_GpuHeadIsAsVerified)}#",
            $"{nameof(EmittedFileTests)}.{nameof(EmittedFileTests.Compile_TensorsInSixteenBits_TensorKernelIsAsVerified)}#",
            $"{nameof(TileProgramTests)}.{nameof(TileProgramTests.SeparateBackwardPrograms_Variant_AreAsVerified)}_variant=",
        ];

        IEnumerable<string> orphans = VerifiedFiles().Where(name => !programs.Contains(name) && !files.Any(f => name.StartsWith(f, StringComparison.Ordinal)));

        Assert.Empty(orphans);
    }

    private static IEnumerable<string> VerifiedFiles([CallerFilePath] string here = "") =>
        Directory.EnumerateFiles(Path.GetDirectoryName(here)!, "*.verified.*").Select(path => Path.GetFileName(path));
}
