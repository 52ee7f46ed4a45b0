using System.Globalization;
using Huike.Customers.Erasures;
using Huike.Ui;
using Huike.Ui.Kit;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.SubjectRequests;

/// <summary>Days as the pages of requests tell them.</summary>
/// <param name="Zone">The firm's.</param>
/// <param name="Now">The present instant.</param>
internal sealed record RequestDays(TimeZoneInfo Zone, DateTimeOffset Now)
{
    public DateOnly Of(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, Zone).DateTime);

    /// <summary>The last day that can be meant.</summary>
    public string Today => Of(Now).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>What the clock says.</summary>
    public (string Text, Tone Tone) Clock(Texts texts, SubjectRequest request)
    {
        if (request.State != RequestState.Open) { return (texts["privacy.state." + CustomerFilter.Kebab(request.State)], request.State == RequestState.Done ? Tone.Good : Tone.Neutral); }
        var left = Of(request.DueAt).DayNumber - Of(Now).DayNumber;
        return left < 0 ? (texts["privacy.request.overdue", -left], Tone.Bad) : left == 0 ? (texts["privacy.request.today"], Tone.Bad) : (texts["privacy.request.left", left], left <= 3 ? Tone.Warn : Tone.Info);
    }
}

/// <summary>What the list shows.</summary>
/// <param name="Rows">A page.</param>
/// <param name="Open">Whether of open ones.</param>
/// <param name="IsFirst">Whether the first page.</param>
/// <param name="NextHref">The next page; null: none.</param>
/// <param name="Days">How days are told.</param>
/// <param name="Rules">The clock.</param>
/// <param name="MaySet">Whether the visitor may set it.</param>
internal sealed record RequestListView(IReadOnlyList<SubjectRequest> Rows, bool Open, bool IsFirst, string? NextHref, RequestDays Days, RequestRules Rules, bool MaySet)
{
    /// <summary>Why the rules that were typed can't be taken; null at first.</summary>
    public string? Fault { get; init; }
}

/// <summary>What the form of a new request shows.</summary>
/// <param name="Customer">Number of the customer, where it is known.</param>
/// <param name="Typed">What was typed, where it comes back.</param>
/// <param name="Fault">What is wrong; null at first.</param>
/// <param name="Days">How days are told.</param>
internal sealed record NewRequestView(string Customer, IFormCollection? Typed, string? Fault, RequestDays Days)
{
    public string Value(string input, string otherwise) => Typed?[input].ToString() ?? otherwise;
}

/// <summary>What the page of one request shows.</summary>
/// <param name="Request">The request.</param>
/// <param name="Days">How days are told.</param>
/// <param name="Fault">What is wrong with what was done; null: nothing.</param>
internal sealed record RequestView(SubjectRequest Request, RequestDays Days, string? Fault)
{
    /// <summary>The dry run of an erasure; null where it wasn't asked for.</summary>
    public IReadOnlyList<ErasureLine>? Plan { get; init; }

    /// <summary>The answer that was typed.</summary>
    public string Answer { get; init; } = "";

    /// <summary>Address of the history; null where the visitor may not see it.</summary>
    public string? HistoryHref { get; init; }
}
