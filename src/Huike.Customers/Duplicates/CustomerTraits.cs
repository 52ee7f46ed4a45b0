using System.Text.Json;
using Huike.Customers.ContactPoints;
using Huike.Platform.Data;
using Huike.Statistics.Matching;

namespace Huike.Customers.Duplicates;

/// <summary>What a customer is compared by.</summary>
internal sealed record CustomerTraits(string? Name, string? Phone, string? Email, string? CreditCode, string? WeChat, string? Address)
{
    /// <summary>Names of the fields as histories have them, and what they hold.</summary>
    public static readonly IReadOnlyList<(string Name, FieldKind Kind, Func<CustomerTraits, string?> Get)> All =
    [
        ("name", FieldKind.Name, traits => traits.Name), ("phone", FieldKind.Key, traits => traits.Phone), ("email", FieldKind.Key, traits => traits.Email),
        ("credit_code", FieldKind.Key, traits => traits.CreditCode), ("wechat", FieldKind.Key, traits => traits.WeChat), ("address", FieldKind.Address, traits => traits.Address),
    ];

    public static CustomerTraits Of(NewCustomer customer, string? weChat = null) => new(customer.Name, customer.Phone, customer.Email?.ToLowerInvariant(), customer.CreditCode, weChat, Place(customer.Place, customer.Address));

    /// <summary>The mail address as its index has it.</summary>
    /// <param name="kind">Which database.</param>
    /// <param name="column">The column.</param>
    public static string EmailSql(DatabaseKind kind, string column) => kind == DatabaseKind.Postgres ? $"lower({column}) collate \"C\"" : $"lower({column})";

    /// <summary>Place and address as one, which does not say a place twice.</summary>
    public static string? Place(string? place, string? address) => place is null || address?.StartsWith(place, StringComparison.Ordinal) == true ? address : address is null ? place : place + " " + address;

    /// <summary>The value of a kind of contact point.</summary>
    public string? Of(ContactKind kind) => kind switch { ContactKind.Phone => Phone, ContactKind.Email => Email, _ => WeChat };
}

/// <summary>Weights that the last comparison of all customers learned.</summary>
internal static class LearnedWeights
{
    /// <returns>Null before the first comparison, or where it found nobody to learn from.</returns>
    public static async Task<LinkModel?> Read(System.Data.Common.DbConnection connection, CancellationToken ct)
    {
        var json = await connection.First("select model from customers_duplicate_weights where id = 1", row => row.GetString(0), ct);
        var model = json is null ? null : JsonSerializer.Deserialize<LinkModel>(json);
        return model?.Fits([.. CustomerTraits.All.Select(field => field.Kind)]) == true ? model : null;
    }

    public static Task Write(System.Data.Common.DbConnection connection, LinkModel model, DateTimeOffset now, CancellationToken ct) => connection.Run("""
        insert into customers_duplicate_weights (id, model, learned_at) values (1, @model, @at) on conflict (id) do update set model = excluded.model, learned_at = excluded.learned_at
        """, ct, ("model", JsonSerializer.Serialize(new { model.Prior, model.Same, model.Different })), ("at", now));
}
