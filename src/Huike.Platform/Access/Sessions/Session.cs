namespace Huike.Platform.Access.Sessions;

/// <summary>会话: where a user is signed in. The cookie names the row; without the row it opens nothing.</summary>
/// <param name="Id">Number of the session.</param>
/// <param name="Address">From where, as the program saw it.</param>
/// <param name="Browser">Browser and system; empty where unknown.</param>
/// <param name="CreatedAt">When the user signed in.</param>
/// <param name="SeenAt">Last request, to five minutes.</param>
public sealed record Session(long Id, string Address, string Browser, DateTimeOffset CreatedAt, DateTimeOffset SeenAt);
