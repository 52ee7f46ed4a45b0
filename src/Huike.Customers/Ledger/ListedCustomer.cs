using Huike.Customers.Addresses;
using Huike.Customers.Consents;
using Huike.Customers.ContactPoints;
using Huike.Customers.InvoiceTitles;
using Huike.Customers.People;
using Huike.Customers.Processing;
using Huike.Customers.Tags;
using Huike.Platform.Access;

namespace Huike.Customers.Ledger;

/// <summary>A consent as a row tells of it.</summary>
internal sealed record ListedConsent(Purpose Purpose, ContactChannel Channel, bool Given, DateTimeOffset At, ConsentWay Way, string Proof);

/// <summary>A customer as the rows of a list tell of it: the file, and what belongs to it.</summary>
/// <param name="Customer">The file's own fields.</param>
internal sealed record ListedCustomer(NewCustomer Customer)
{
    /// <summary>Further numbers, addresses and ids; the first phone and mail address are the customer's own.</summary>
    public IReadOnlyList<ContactPoint> Points { get; init; } = [];

    public IReadOnlyList<Contact> People { get; init; } = [];

    public IReadOnlyList<Address> Addresses { get; init; } = [];

    public IReadOnlyList<InvoiceTitle> Titles { get; init; } = [];

    public IReadOnlyList<ListedConsent> Consents { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Who is to look after it; null: nothing is said.</summary>
    public Owner? Owner { get; init; }

    /// <summary>Who opened the file, where it came from; null: nothing is said.</summary>
    public string? Author { get; init; }

    /// <summary>Value of the key by which a customer who is there is found, where that is not the number; null: none.</summary>
    public string? Key { get; init; }

    /// <summary>The row tells of what belongs to a customer who stands elsewhere.</summary>
    public bool IsPartOnly { get; init; }

    public bool HasParts => Points.Count + People.Count + Addresses.Count + Titles.Count + Consents.Count + Tags.Count > 0 || Owner is not null;

    /// <summary>What the search finds the customer by besides.</summary>
    public Aliases Aliases => new([.. People.Select(person => person.Name)], [.. Points.Where(point => point.Kind == ContactKind.Phone).Select(point => point.Value), .. People.Select(person => person.Phone).OfType<string>()], []);

    /// <summary>Once it is known what the file becomes: of each kind one is preferred, and of whom only the name is said, it stands in the file's own field.</summary>
    /// <param name="now">The file.</param>
    public ListedCustomer Settled(NewCustomer now) => this with
    {
        Points = [.. Points.Where(point => point.Value != now.Phone).Select(point => point with { IsPreferred = point == Points.First(other => other.Kind == point.Kind) && point.Kind == ContactKind.WeChat })],
        People = [.. People.Where(person => person.Name != now.Contact || person != new Contact(0, 0, person.Name)).Select(person => person with { IsMain = person.Name == now.Contact })],
        Addresses = [.. Addresses.Select(address => address with { IsPreferred = address == Addresses.FirstOrDefault(other => other.Text == now.Address) })],
        Titles = [.. Titles.Select((title, i) => title with { IsPreferred = i == 0 })],
    };

    /// <summary>With what a later row says of the same customer: its fields count, where they hold something.</summary>
    public ListedCustomer With(ListedCustomer later) => this with
    {
        // The first contact is the main one.
        Customer = CustomerColumns.With(Customer, CustomerColumns.Changes(Customer, later.Customer).Where(change => change.Field == "contact" ? change.Old is not { Length: > 0 } : !later.IsPartOnly).Select(change => (change.Field, change.New))),
        Points = [.. Points.Concat(later.Points).DistinctBy(point => (point.Kind, point.Value))],
        People = [.. People.Concat(later.People).GroupBy(person => person.Name).Select(one => one.Aggregate((known, more) => known.Completed(more)))],
        Addresses = [.. Addresses.Concat(later.Addresses).DistinctBy(address => (address.Text, address.Use, address.Recipient))],
        Titles = [.. Titles.Concat(later.Titles).DistinctBy(title => title.Name)],
        Consents = [.. Consents.Concat(later.Consents)],
        Tags = [.. Tags.Concat(later.Tags).DistinctBy(Tag.Key)],
        Owner = later.Owner ?? Owner,
        Author = later.Author ?? Author,
        Key = Key ?? later.Key,
        IsPartOnly = IsPartOnly && later.IsPartOnly,
    };
}
