using System.Globalization;
using System.Text.Json.Serialization;
using Huike.Platform.Access.Records;
using Huike.Statistics.Matching;

namespace Huike.Customers.Duplicates;

/// <summary>By what a customer is known again.</summary>
internal enum DuplicateSign
{
    Phone = 0,
    Email = 1,
    CreditCode = 2,
    WeChat = 3,

    /// <summary>Name, address and all the rest are so alike.</summary>
    Similar = 4,
}

/// <summary>What happens then; what is stricter is larger.</summary>
internal enum DuplicateAction
{
    Allow = 0,
    Warn = 1,
    Block = 2,
}

/// <summary>查重规则: what happens where a customer is entered who may be there already (H1, one file).</summary>
internal sealed record DuplicateRules
{
    /// <summary>Stands for files of customers among the roles.</summary>
    public const string Import = "import";

    private const int MostBits = 30;

    /// <summary>The same phone; default: warn.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<DuplicateAction>))] public DuplicateAction Phone { get; init; } = DuplicateAction.Warn;

    /// <summary>The same mail address; default: warn.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<DuplicateAction>))] public DuplicateAction Email { get; init; } = DuplicateAction.Warn;

    /// <summary>The same unified social credit code; default: warn.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<DuplicateAction>))] public DuplicateAction CreditCode { get; init; } = DuplicateAction.Warn;

    /// <summary>The same WeChat id; default: warn.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<DuplicateAction>))] public DuplicateAction WeChat { get; init; } = DuplicateAction.Warn;

    /// <summary>As likely the same as <see cref="SimilarFrom"/> says; default: warn.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<DuplicateAction>))] public DuplicateAction Similar { get; init; } = DuplicateAction.Warn;

    /// <summary>From which per cent of likelihood on a customer is taken for similar where one is entered; 50 to 100, default 90.</summary>
    public int SimilarFrom { get; init; } = 90;

    /// <summary>From which per cent on a pair of the whole stock comes into the queue; 1 to 100, default 50.</summary>
    public int QueueFrom { get; init; } = 50;

    /// <summary>Who may not see a customer reads its name all the same where it is met; default false: who looks after it alone.</summary>
    public bool ShowsName { get; init; }

    /// <summary>Where roles have it otherwise: entries "role sign action" with semicolons between; of somebody's roles the mildest counts.</summary>
    public string ByRole { get; init; } = "";

    /// <summary>Weights that are set instead of learned: entries "field same differs" with semicolons between, in bits from -30 to 30.</summary>
    public string Weights { get; init; } = "";

    /// <summary>The hour of the night at which all customers are compared with each other, in the firm's zone; 0 to 23, default 2.</summary>
    public int NightlyHour { get; init; } = 2;

    /// <summary>The entries of <see cref="Weights"/> by field; what can't be read is left out.</summary>
    public IReadOnlyDictionary<string, (double Same, double Differs)> SetWeights() => Weights.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(entry => entry.Split(' '))
        .Where(parts => parts.Length == 3 && CustomerTraits.All.Any(field => field.Name == parts[0])).Select(parts => (Field: parts[0], Same: Bits(parts[1]), Differs: Bits(parts[2])))
        .Where(entry => entry.Same >= entry.Differs).GroupBy(entry => entry.Field).ToDictionary(entries => entries.Key, entries => (entries.Last().Same!.Value, entries.Last().Differs!.Value));

    /// <summary>A weight that somebody typed; null where it is none.</summary>
    public static double? Bits(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var bits) && bits is >= -MostBits and <= MostBits ? bits : null;

    /// <summary>What was learned, with what is set in its place.</summary>
    public LinkModel Over(LinkModel learned) => SetWeights().Aggregate(learned, (model, set) => model.With(CustomerTraits.All.ToList().FindIndex(field => field.Name == set.Key), set.Value.Same, set.Value.Differs));

    /// <summary>What happens to somebody at a sign.</summary>
    public DuplicateAction Of(DuplicateSign sign, IEnumerable<string> roles)
    {
        var usual = sign switch { DuplicateSign.Phone => Phone, DuplicateSign.Email => Email, DuplicateSign.CreditCode => CreditCode, DuplicateSign.WeChat => WeChat, _ => Similar };
        var own = Entries();
        return roles.Select(role => own.TryGetValue((role, sign), out var action) ? action : usual).DefaultIfEmpty(usual).Min();
    }

    /// <summary>The entries of <see cref="ByRole"/>; what can't be read is left out.</summary>
    public IReadOnlyDictionary<(string Role, DuplicateSign Sign), DuplicateAction> Entries() => ByRole.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(entry => entry.Split(' '))
        .Where(parts => parts.Length == 3 && Enum.TryParse<DuplicateSign>(parts[1], out _) && Enum.TryParse<DuplicateAction>(parts[2], out _))
        .GroupBy(parts => (parts[0], Enum.Parse<DuplicateSign>(parts[1]))).ToDictionary(parts => parts.Key, parts => Enum.Parse<DuplicateAction>(parts.Last()[2]));

    /// <summary>Roles of somebody, by name.</summary>
    public static IReadOnlyList<string> RolesOf(UserAccess access) => [.. access.Grants.Select(grant => grant.Role).Distinct(StringComparer.Ordinal)];
}
