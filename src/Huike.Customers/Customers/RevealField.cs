using System.Globalization;
using Huike.Customers.ContactPoints;
using Huike.Customers.Contracts;
using Huike.Customers.People;
using Huike.Platform;
using Huike.Platform.Access.Records;
using Huike.Platform.Audit;
using Huike.Platform.Data;
using Huike.Platform.Search;

namespace Huike.Customers;

/// <summary>Shows a masked field, for a reason; that it was shown stays in the audit, the value does not.</summary>
internal sealed class RevealField(Database database, AuditLog audit)
{
    private const int LongestReason = 400;
    private const string PhoneOfPerson = "personPhone";

    /// <summary>Fields that can be masked, and their columns.</summary>
    public static readonly IReadOnlyDictionary<string, string> Columns = new Dictionary<string, string> { ["phone"] = "phone", ["email"] = "email", ["address"] = "address" };

    /// <summary>Name by which a contact point is asked for: its field and its number.</summary>
    public static string Of(ContactPoint point) => string.Create(CultureInfo.InvariantCulture, $"{point.Field}-{point.Id}");

    /// <summary>The same of a contact's phone.</summary>
    public static string Of(Contact person) => string.Create(CultureInfo.InvariantCulture, $"{PhoneOfPerson}-{person.Id}");

    /// <returns>The value as people read it; null where there is none.</returns>
    /// <exception cref="RuleException"><c>customers.reveal.field</c>, <c>customers.reveal.reason</c>, <c>access.record.refused</c>, <c>customers.customer.unknown</c>.</exception>
    public async Task<string?> Run(UserAccess access, long id, string field, string reason, CancellationToken ct)
    {
        var point = field.Split('-') is [_, var number] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 0;
        if (!Columns.TryGetValue(field, out var column) && point == 0) { throw new RuleException("customers.reveal.field"); }
        if (reason.Length is 0 or > LongestReason) { throw new RuleException("customers.reveal.reason", LongestReason); }
        if (access.FieldsOf(CustomerPermissions.Records) is var fields && Math.Max(fields.Clear, fields.Reveal) < CustomerLevels.Personal) { throw new RuleException("access.record.refused"); }
        await using var connection = await database.Open(ct);
        if (point > 0 && field.StartsWith(PhoneOfPerson, StringComparison.Ordinal))
        {
            var person = (await Contact.Of(connection, id, null, ct)).Find(known => Of(known) == field) ?? throw new RuleException("customers.reveal.field");
            await Log(id, PhoneOfPerson, reason, ct);
            return Phone.Shown(person.Phone);
        }
        if (point > 0)
        {
            var found = (await ContactPoint.Of(connection, id, ct)).Find(known => Of(known) == field) ?? throw new RuleException("customers.reveal.field");
            await Log(id, found.Field, reason, ct);
            return found.Shown;
        }
        var value = await connection.Rows($"select {column} from customers_customer where id = @id", row => row.TextOrNull(0), ct, ("id", id));
        if (value.Count == 0) { throw new RuleException("customers.customer.unknown", id); }
        await Log(id, field, reason, ct);
        return field == "phone" ? Phone.Shown(value[0]) : value[0];
    }

    private Task Log(long id, string field, string reason, CancellationToken ct) =>
        audit.Write(new AuditEntry("record.revealed") { Kind = Audited.Customers.Name, Record = id, Reason = reason, Changes = [AuditChange.Is("field", field)] }, ct);
}
