using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Huike.Customers.Duplicates;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Fields;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Huike.Customers;

/// <summary>Adds and changes customers as programs say, by the checks of the form that people fill in.</summary>
internal sealed class ChangeByProgram(AddCustomer add, EditCustomer edit, FindTwins find, FieldReferences references, TimeProvider clock)
{
    /// <summary>Names of members, and of the columns that they are kept in.</summary>
    private static readonly (string Member, string Column)[] Members =
        [("name", "name"), ("kind", "kind"), ("phone", "phone"), ("email", "email"), ("category", "category"), ("place", "place"), ("address", "address"), ("creditCode", "credit_code"), ("contact", "contact"), ("remark", "remark"), ("requirements", "requirements"), ("buying", "buying")];

    /// <param name="http">Who adds it.</param>
    /// <param name="input">What is said.</param>
    /// <param name="ct">Ends the write.</param>
    /// <param name="toOwn">It becomes the adder's own, also of one who sees everybody's.</param>
    /// <returns>The new customer's id.</returns>
    /// <exception cref="RuleException"><c>api.fields.wrong</c>; <c>customers.form.twinApi</c>: there may be one already; <c>customers.form.twinBlocked</c>: and the rules hold him; <c>customers.form.number</c>.</exception>
    public async Task<long> Add(HttpContext http, NewCustomerInput input, CancellationToken ct, bool toOwn = false)
    {
        var viewer = Viewer.Of(http);
        var form = await (Form(input, null, viewer) with { FormKey = FormKey.New() }).Found(references, http.User.Access(), ct);
        Demand(form.Errors);
        var met = await DuplicateEndpoints.Find(http, find, form.Customer, null, ct);
        DemandNew(form.Met(met, input.Anyway).Twins);
        var id = await add.Run(form, viewer.SeesAll && !toOwn ? null : http.User.Access().UserId, ct);
        await find.Queue(id, met, ct);
        return id;
    }

    /// <param name="http">Who changes it.</param>
    /// <param name="id">Which.</param>
    /// <param name="input">New values.</param>
    /// <param name="given">Which of them count.</param>
    /// <param name="version">That is meant.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>api.fields.wrong</c>, <c>customers.edit.stale</c>, <c>customers.customer.unknown</c>, <c>privacy.erased</c>.</exception>
    public Task Edit(HttpContext http, long id, CustomerInput input, IReadOnlySet<string> given, int version, CancellationToken ct) =>
        Edit(Viewer.Of(http), http.User.Access(), FileEndpoints.By(http.User), (id, input, given, version), ct);

    /// <summary>The same for whom no request stands behind.</summary>
    /// <param name="viewer">Which fields may be changed.</param>
    /// <param name="access">Whose view counts for links; null: all records.</param>
    /// <param name="by">Name of who changes it.</param>
    /// <param name="change">Which, to what, what of it counts, and the version that is meant.</param>
    /// <param name="ct">Ends the write.</param>
    public async Task Edit(Viewer viewer, UserAccess? access, string by, (long Id, CustomerInput Input, IReadOnlySet<string> Given, int Version) change, CancellationToken ct)
    {
        var (id, input, given, version) = change;
        var (form, columns) = await Read(viewer, access, (id, input, given), ct);
        var (old, _) = await edit.Find(id, ct);
        await edit.Run(id, form with { Customer = CustomerColumns.With(old, columns), Version = version }, viewer, by, ct);
    }

    /// <summary>What is said of a customer's fields, checked, by columns.</summary>
    /// <param name="viewer">Which fields may be changed.</param>
    /// <param name="access">Whose view counts for links; null: all records.</param>
    /// <param name="said">Of whom (null: of nobody yet), to what, and what of it counts.</param>
    /// <param name="ct">Ends the reads.</param>
    /// <exception cref="RuleException"><c>api.fields.wrong</c>.</exception>
    public async Task<(CustomerForm Form, IReadOnlyList<(string Column, string? Value)> Columns)> Read(Viewer viewer, UserAccess? access, (long? Id, CustomerInput Input, IReadOnlySet<string> Given) said, CancellationToken ct)
    {
        var (id, input, given) = said;
        var form = await Form(input, id, viewer).Found(references, access, ct);
        var own = (given.Contains("custom") ? input.Custom?.Keys : null) ?? [];
        var changed = Members.Where(one => given.Contains(one.Member)).ToList();
        var errors = form.Errors.Where(error => given.Contains(error.Key) || own.Any(name => CustomField.Prefix + name == error.Key)).ToDictionary();
        foreach (var (member, _) in changed.Where(one => viewer.Hides(one.Column))) { errors[member] = "api.field.hidden"; }
        Demand(errors);
        return (form, [.. changed.Select(one => one.Column).Concat(own.Select(name => CustomField.Prefix + name)).Select(column => (column, CustomerColumns.Value(form.Customer, column)))]);
    }

    /// <summary>One field with a text as its value, as a program would say it.</summary>
    /// <param name="field">Name of the member, or of the firm's own with <see cref="CustomField.Prefix"/>.</param>
    /// <param name="value">Null or empty: none.</param>
    public static (CustomerInput Input, IReadOnlySet<string> Given) One(string field, string? value)
    {
        var text = value is { Length: > 0 } ? JsonValue.Create(value) : null;
        var isOwn = field.StartsWith(CustomField.Prefix, StringComparison.Ordinal);
        var members = isOwn ? new JsonObject { ["custom"] = new JsonObject { [field[CustomField.Prefix.Length..]] = text } } : new JsonObject { [field] = text };
        return (members.Deserialize<CustomerInput>(ApiAnswer.Json)!, new HashSet<string> { isOwn ? "custom" : field });
    }

    /// <summary>Name by which programs know a column.</summary>
    public static string Member(string column) => Array.Find(Members, one => one.Column == column).Member ?? column;

    /// <summary>The column behind a member's name.</summary>
    public static string Column(string member) => Array.Find(Members, one => one.Member == member).Column ?? member;

    private CustomerForm Form(CustomerInput input, long? id, Viewer viewer) => CustomerForm.Read(new FormCollection(new(FieldRules.Form(viewer.Own, input.Custom))
    {
        ["number"] = (input as NewCustomerInput)?.Number,
        ["name"] = input.Name,
        ["kind"] = input.Kind is { } kind ? CustomerFilter.Kebab(kind) : null,
        ["phone"] = input.Phone,
        ["email"] = input.Email,
        ["category"] = input.Category,
        ["place"] = input.Place,
        ["address"] = input.Address,
        ["creditCode"] = input.CreditCode,
        ["contact"] = input.Contact,
        ["remark"] = input.Remark,
        ["requirements"] = input.Requirements,
        ["buying"] = input.Buying,
    }), id, viewer, CustomValues.None, clock.GetUtcNow());

    private static void DemandNew(IReadOnlyList<Twin> twins)
    {
        if (twins.Count == 0) { return; }
        var whom = string.Join("; ", twins.Select(twin => twin.Id is { } id ? string.Create(CultureInfo.InvariantCulture, $"{twin.Name} ({id})") : twin.Name ?? twin.Owner ?? "?"));
        throw new RuleException(FindTwins.Worst(twins) == DuplicateAction.Block ? "customers.form.twinBlocked" : "customers.form.twinApi", whom)
        {
            Status = StatusCodes.Status409Conflict,
            Members = new Dictionary<string, object> { ["twins"] = JsonSerializer.SerializeToElement(twins.Select(TwinRecord.Of), ApiAnswer.Json) },
        };
    }

    private static void Demand(IReadOnlyDictionary<string, string> errors)
    {
        if (errors.Count > 0) { throw new RuleException("api.fields.wrong") { Fields = errors }; }
    }
}
