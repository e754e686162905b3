using KernelGen.Benchmarks.Reporting;

namespace KernelGen.Torch.Tests.Benchmarks;

public sealed class MarkedTextTests
{
    [Fact]
    public void What_stands_between_the_markers_of_a_name_is_replaced_and_nothing_else()
    {
        const string document = "a\n<!-- begin: x -->\nold\nolder\n<!-- end: x -->\nb\n<!-- begin: y -->\n<!-- end: y -->\n";

        var once = MarkedText.Replace(document, "x", "new\n");
        Assert.Equal("a\n<!-- begin: x -->\nnew\n<!-- end: x -->\nb\n<!-- begin: y -->\n<!-- end: y -->\n", once);
        Assert.Equal(once, MarkedText.Replace(once, "x", "new\n"));
        Assert.EndsWith("b\n<!-- begin: y -->\n1\n<!-- end: y -->\n", MarkedText.Replace(document, "y", "1\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no markers")]
    [InlineData("<!-- begin: x -->\n")]
    [InlineData("<!-- end: x -->\n<!-- begin: x -->\n")]
    [InlineData("<!-- begin: x -->\n<!-- end: x -->\n<!-- begin: x -->\n<!-- end: x -->\n")]
    public void A_document_without_its_markers_is_refused(string document)
    {
        var error = Assert.Throws<InvalidDataException>(() => MarkedText.Replace(document, "x", "new"));
        Assert.Contains("<!-- begin: x -->", error.Message, StringComparison.Ordinal);
    }
}
