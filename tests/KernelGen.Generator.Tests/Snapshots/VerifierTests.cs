using System.Text;
using Xunit.Sdk;

namespace KernelGen.Generator.Tests.Snapshots;

/// <summary>The verifier is what snapshots stand on, so each way of failing is seen to fail.</summary>
public sealed class VerifierTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("snapshots-").FullName;

    private string TestFile => Path.Combine(_folder, "SomeTests.cs");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Verify_EqualText_Passes()
    {
        Write("SomeTests.Case_n=1.verified.txt", "one\ntwo\n");

        Verifier.Verify("one\ntwo\n", "n", "1", TestFile, "Case");

        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Verify_NoFile_FailsAndLeavesReceived()
    {
        XunitException fault = Assert.Throws<XunitException>(() => Verifier.Verify("text\n", "n", "1", TestFile, "Case"));

        Assert.Contains("New: SomeTests.Case_n=1.verified.txt", fault.Message, StringComparison.Ordinal);
        byte[] received = File.ReadAllBytes(Path.Combine(_folder, "SomeTests.Case_n=1.received.txt"));
        Assert.Equal([.. Encoding.UTF8.Preamble, .. "text\n"u8], received);
    }

    [Fact]
    public void Verify_OtherText_FailsWithTheChangedLines()
    {
        Write("SomeTests.Case_n=1.verified.txt", "same\nold\n");

        XunitException fault = Assert.Throws<XunitException>(() => Verifier.Verify("same\nnew\n", "n", "1", TestFile, "Case"));

        Assert.Contains("  same\n- old\n+ new\n", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_FileThatNothingProduces_Fails()
    {
        Write("SomeTests.Case#A.g.verified.cs", "//HintName: A.g.cs\na");
        Write("SomeTests.Case#B.g.verified.cs", "//HintName: B.g.cs\nb");

        XunitException fault = Assert.Throws<XunitException>(() => Verifier.Verify([("A.g.cs", "a")], TestFile, "Case"));

        Assert.Contains("Stale: nothing produces SomeTests.Case#B.g.verified.cs", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("A.g", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_CarriageReturn_Fails() =>
        Assert.Throws<XunitException>(() => Verifier.Verify("one\r\n", "n", "1", TestFile, "Case"));

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text, Encoding.UTF8);
}
