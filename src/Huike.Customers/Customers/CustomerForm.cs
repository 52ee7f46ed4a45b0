using Huike.Customers.Contracts;
using Huike.Customers.Duplicates;
using Huike.Platform.Access.Records;
using Huike.Platform.Fields;
using Huike.Platform.Search;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers;

/// <summary>What someone filled in about a customer, and what is wrong with it.</summary>
internal sealed record CustomerForm(NewCustomer Customer, int Version, string FormKey)
{
    private const int LongestText = 400;

    /// <summary>Wrong fields: name of the input → text key.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>();

    /// <summary>The customer that is edited; null for a new one.</summary>
    public long? Id { get; init; }

    /// <summary>Columns that some may not see.</summary>
    public static readonly IReadOnlyList<string> Maskable = ["phone", "email", "address", "credit_code", "remark", "buying"];

    /// <summary>Columns that are masked: shown so, and not to be filled in.</summary>
    public IReadOnlySet<string> Hidden { get; init; } = new HashSet<string>();

    /// <summary>The firm's own fields that the writer sees.</summary>
    public IReadOnlyList<CustomField> Fields { get; init; } = [];

    /// <summary>Their values as they were shown.</summary>
    public CustomValues Kept { get; init; } = CustomValues.None;

    public bool IsRight => Errors.Count == 0;

    /// <summary>With the people and records that the firm's own fields mean, as far as the writer may see them.</summary>
    public async Task<CustomerForm> Found(FieldReferences references, UserAccess? access, CancellationToken ct)
    {
        var (values, errors) = await references.Find(Fields, Customer.Custom, Kept, Errors, access, ct);
        return this with { Customer = Customer with { Custom = values }, Errors = errors };
    }

    /// <summary>Customers who may be this one; empty where there are none or where they were looked at.</summary>
    public IReadOnlyList<Twin> Twins { get; init; } = [];

    /// <summary>With those whom the rules speak of: one who was told may go on where they only warn.</summary>
    public CustomerForm Met(IReadOnlyList<Twin> twins, bool anyway) => this with { Twins = FindTwins.Worst(twins) is var worst && (worst == DuplicateAction.Block || (worst == DuplicateAction.Warn && !anyway)) ? twins : [] };

    /// <summary>Whether mail could be sent there, as far as its form tells.</summary>
    public static bool IsEmail(string text) => text.IndexOf('@', StringComparison.Ordinal) > 0 && !text.EndsWith('@') && !text.Any(char.IsWhiteSpace);

    /// <summary>Reads and checks the form. Phone and credit code come out in the form in which they are kept.</summary>
    /// <param name="form">The posted form.</param>
    /// <param name="id">The customer that is edited; null for a new one.</param>
    /// <param name="viewer">Who writes.</param>
    /// <param name="kept">The firm's own fields as they were shown.</param>
    /// <param name="now">When a new file begins.</param>
    public static CustomerForm Read(IFormCollection form, long? id, Viewer viewer, CustomValues kept, DateTimeOffset now)
    {
        var errors = new Dictionary<string, string>();
        var name = Text("name") ?? "";
        if (name.Length == 0) { errors["name"] = "customers.form.name"; }
        // Eighteen characters are ours to check; codes of other countries are kept as they are.
        var code = Text("creditCode")?.ToUpperInvariant();
        if (code is { Length: 18 } && !CreditCode.IsValid(code)) { errors["creditCode"] = "customers.form.creditCode"; }
        var phone = Text("phone") is { } raw ? Phone.Normalise(raw)?.Number ?? raw : null;
        if (phone?.Any(char.IsAsciiDigit) == false) { errors["phone"] = "customers.form.phone"; }
        var email = Text("email");
        if (email is not null && !IsEmail(email)) { errors["email"] = "customers.form.email"; }
        var customer = new NewCustomer(Text("number") ?? "")
        {
            Name = name,
            Kind = Enum.GetValues<CustomerKind>().FirstOrDefault(known => CustomerFilter.Kebab(known) == form["kind"].ToString()),
            Phone = phone,
            Email = email,
            Category = Text("category"),
            Place = Text("place"),
            Address = Text("address"),
            CreditCode = code,
            Contact = Text("contact"),
            Remark = Text("remark"),
            Custom = FieldRules.Read(form, viewer.Own, kept, errors),
            CreatedAt = now,
            LoadId = 0,
        };
        return new(customer with { Requirements = Text("requirements"), Buying = Text("buying") }, int.TryParse(form["version"], System.Globalization.CultureInfo.InvariantCulture, out var version) ? version : 0, form[Huike.Customers.FormKey.Name].ToString()) { Errors = errors, Id = id, Fields = viewer.Own, Kept = kept };

        string? Text(string input)
        {
            var text = form[input].ToString().Trim();
            if (text.Length > LongestText || text.Contains('\0', StringComparison.Ordinal))
            {
                errors[input] = "customers.form.long";
                return string.Concat(text.Where(letter => letter != '\0').Take(LongestText));
            }
            return text.Length > 0 ? text : null;
        }
    }
}
