using KernelGen.Generator.Text;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KernelGen.Generator.Tests.Text;

public class CSharpTextTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("\"quoted\" and \\ back")]
    [InlineData("line\nline\r\n\ttab\0")]
    [InlineData("\u03c6(x) \u2212 \ud83d\ude00")]
    public void Literal_AnyText_ReadsBack(string value)
    {
        var literal = Assert.IsType<LiteralExpressionSyntax>(SyntaxFactory.ParseExpression(CSharpText.Literal(value)));

        Assert.Equal(value, literal.Token.ValueText);
    }

    [Fact]
    public void Xml_Markup_IsEscaped() => Assert.Equal("a &lt; b &amp;&amp; c &gt; d", CSharpText.Xml("a < b && c > d"));

    [Fact]
    public void Doc_LinesOfText_EachBehindSlashes()
    {
        var writer = new CodeWriter();
        using (writer.Block("class C"))
            writer.Doc("<summary>\nX.\n\n</summary>");

        Assert.Equal("class C\n{\n    /// <summary>\n    /// X.\n    ///\n    /// </summary>\n}\n", writer.ToString());
    }
}
