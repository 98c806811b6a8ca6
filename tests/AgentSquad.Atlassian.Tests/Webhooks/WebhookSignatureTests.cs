using System.Text;
using AgentSquad.Atlassian.Webhooks;

namespace AgentSquad.Atlassian.Tests.Webhooks;

public sealed class WebhookSignatureTests
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("Hello World!");

    [Fact]
    public void Verify_KnownVector_Accepts()
    {
        // The example of Atlassian's and GitHub's documentation: this secret and body give this signature.
        const string header = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9";

        Assert.True(WebhookSignature.Verify(Body, header, "It's a Secret to Everybody"));
        Assert.Equal(header, WebhookSigner.Sign(Body, "It's a Secret to Everybody"));
    }

    [Fact]
    public void Verify_PreviousSecret_Accepts()
    {
        Assert.True(WebhookSignature.Verify(Body, WebhookSigner.Sign(Body, "old"), "new", "old"));
        Assert.True(WebhookSignature.Verify(Body, WebhookSigner.Sign(Body, "new"), "new", "old"));
        Assert.True(WebhookSignature.Verify(Body, WebhookSigner.Sign(Body, "new").ToUpperInvariant(), "new", null));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sha256=")]
    [InlineData("sha256=00")]
    [InlineData("sha1=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9")]
    [InlineData("sha256=z4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9")]
    [InlineData("sha256=b4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9")]
    [InlineData("a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9")]
    public void Verify_WrongHeader_Refuses(string? header) =>
        Assert.False(WebhookSignature.Verify(Body, header, "It's a Secret to Everybody"));

    [Fact]
    public void Verify_NoSecret_Refuses()
    {
        Assert.False(WebhookSignature.Verify(Body, WebhookSigner.Sign(Body, "x")));
        Assert.False(WebhookSignature.Verify(Body, WebhookSigner.Sign(Body, "x"), null, ""));
    }

    [Fact]
    public void Verify_ChangedBody_Refuses() =>
        Assert.False(WebhookSignature.Verify("Hello World?"u8, WebhookSigner.Sign(Body, "x"), "x"));
}
