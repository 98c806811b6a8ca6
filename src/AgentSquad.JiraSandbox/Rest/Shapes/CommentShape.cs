using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Site;

namespace AgentSquad.JiraSandbox.Rest.Shapes;

/// <summary>Comments as JSON.</summary>
internal static class CommentShape
{
    /// <summary>A comment.</summary>
    /// <param name="view">The reader.</param>
    /// <param name="issue">Its ticket.</param>
    /// <param name="comment">The comment.</param>
    /// <param name="withProperties">Whether <c>expand=properties</c> was asked for.</param>
    public static JsonObject Of(View view, SiteIssue issue, SiteComment comment, bool withProperties = false)
    {
        var shape = new JsonObject
        {
            ["self"] = view.Self($"issue/{issue.Id}/comment/{comment.Id}"),
            ["id"] = comment.Id,
            ["author"] = UserShape.Of(view, comment.AuthorId),
            ["body"] = FieldShapes.Text(view, comment.Body),
            ["updateAuthor"] = UserShape.Of(view, comment.UpdateAuthorId),
            ["created"] = FieldShapes.Time(comment.Created),
            ["updated"] = FieldShapes.Time(comment.Updated),
        };
        if (comment.Visibility is { } visibility)
        {
            shape["visibility"] = new JsonObject { ["type"] = visibility.Type, ["value"] = visibility.Value };
            if (visibility.Identifier is not null && view.IsCloud) shape["visibility"]!["identifier"] = visibility.Identifier;
        }

        if (view.IsCloud) shape["jsdPublic"] = comment.Public;
        if (withProperties)
        {
            shape["properties"] = new JsonArray([.. comment.Properties.Select(property =>
                new JsonObject { ["key"] = property.Key, ["value"] = property.Value?.DeepClone() })]);
        }

        return shape;
    }
}
