namespace Huike.Customers.OneVoice;

/// <summary>How somebody spoke with a customer.</summary>
internal enum InteractionKind
{
    /// <summary>备注: not at all; somebody wrote something down.</summary>
    Note = 0,

    /// <summary>电话.</summary>
    Call = 1,

    /// <summary>拜访.</summary>
    Visit = 2,

    /// <summary>会议.</summary>
    Meeting = 3,

    /// <summary>消息: WeChat, SMS.</summary>
    Message = 4,

    /// <summary>邮件.</summary>
    Email = 5,
}

/// <summary>From which side a contact came.</summary>
internal enum InteractionSide
{
    /// <summary>Of a note: none.</summary>
    None = 0,

    /// <summary>客户联系我们.</summary>
    Customer = 1,

    /// <summary>我们联系客户.</summary>
    Us = 2,
}

/// <summary>A note, or what was said at a contact.</summary>
/// <param name="Body">1–4,000 characters.</param>
/// <param name="Kind">How.</param>
/// <param name="Side">From which side; of a contact for which nobody said, ours.</param>
/// <param name="At">When it was; null: now.</param>
/// <param name="Tone">How the customer sounded, −2 to 2; null: nobody said.</param>
/// <param name="ReplyTo">Number of the note or contact that it answers; null: none.</param>
internal sealed record ContactText(string? Body, InteractionKind Kind = InteractionKind.Note, InteractionSide Side = InteractionSide.None, DateTimeOffset? At = null, int? Tone = null, long? ReplyTo = null);
