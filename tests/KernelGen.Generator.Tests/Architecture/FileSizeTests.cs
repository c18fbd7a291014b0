namespace KernelGen.Generator.Tests.Architecture;

public class FileSizeTests
{
    private const int MostLines = 300;

    [Fact]
    public void GeneratorSources_EveryFile_IsOneConceptLong()
    {
        IEnumerable<string> faults = GeneratorSources.All
            .Select(file => (file.Name, Lines: file.Text.Count(c => c == '\n')))
            .Where(file => file.Lines >= MostLines)
            .Select(file => $"{file.Name} has {file.Lines} lines");

        Assert.Empty(faults);
    }
}
