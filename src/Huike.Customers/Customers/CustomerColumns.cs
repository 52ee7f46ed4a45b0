using Huike.Platform.Search;

namespace Huike.Customers;

/// <summary>The customer table's columns as loads write them: names and values in one order.</summary>
internal static class CustomerColumns
{
    public const string Names = "number, name, sort_key, kind, phone, phone_reversed, email, category, place, address, credit_code, contact, remark, created_at, load_id, version";

    /// <summary>Values in the order of <see cref="Names"/>; null for none, instants as <see cref="DateTimeOffset"/>.</summary>
    public static object?[] Values(NewCustomer customer) =>
    [
        customer.Number, customer.Name, SortKey(customer.Name, customer.Number), (short)customer.Kind, customer.Phone, Reversed(customer.Phone), customer.Email,
        customer.Category, customer.Place, customer.Address, customer.CreditCode, customer.Contact, customer.Remark, customer.CreatedAt, customer.LoadId, 1,
    ];

    /// <summary>Orders lists: by pinyin; a customer without a name goes by the number.</summary>
    public static string SortKey(string name, string number) => Pinyin.SortKey(name.Length > 0 ? name : number);

    /// <summary>A phone read from its end, so that a tail is a prefix.</summary>
    public static string? Reversed(string? phone) => phone is null ? null : string.Create(phone.Length, phone, (target, source) =>
    {
        source.CopyTo(target);
        target.Reverse();
    });
}
