using Huike.Customers.Addresses;
using Huike.Customers.ContactPoints;
using Huike.Customers.Parts;
using Huike.Platform;
using Huike.Platform.Data;
using Huike.Platform.Search;

namespace Huike.Customers.PhoneCards;

/// <summary>Brings the contact points and addresses of a customer to what his card says.</summary>
internal sealed class TakePoints(ChangeContacts contacts, ChangeAddresses addresses, Database database)
{
    /// <summary>Those that stand in the customer's own fields alone are changed there.</summary>
    public async Task<SaidOfCustomer> OwnFields(FileWriter writer, CardFacts now, SaidOfCustomer said, CancellationToken ct)
    {
        if (!writer.Viewer.SeesPersonal) { return said; }
        await using var connection = await database.Open(ct);
        foreach (var own in (await ContactPoint.Of(connection, writer.CustomerId, ct)).Where(point => point.Id == 0 && now.Of(point.Kind).All(one => one.Value != point.Value)))
        {
            var instead = now.First(own.Kind)?.Point.Raw;
            said = own.Kind == ContactKind.Phone ? said.With("phone", said.Input with { Phone = instead }) : said.With("email", said.Input with { Email = instead });
        }
        foreach (var own in (await Address.Of(connection, writer.CustomerId, ct)).Where(place => place.Id == 0 && now.Places.All(one => one.Text != place.Text)))
        {
            said = said.With("address", said.Input with { Address = now.Places.Select(place => place.Text).FirstOrDefault() });
        }
        return said;
    }

    /// <summary>What differs, one after the other.</summary>
    /// <param name="writer">Who changes it, and whose file.</param>
    /// <param name="was">As the card was shown.</param>
    /// <param name="now">As it came back.</param>
    /// <param name="ct">Ends the write.</param>
    public async Task Run(FileWriter writer, CardFacts was, CardFacts now, CancellationToken ct)
    {
        if (!writer.Viewer.SeesPersonal)
        {
            // Nothing was shown: what is there is not to be had by guessing.
            if (now.Points.Count > was.Points.Count || now.Places.Count > was.Places.Count) { throw new RuleException("access.record.refused"); }
            return;
        }
        foreach (var kind in Enum.GetValues<ContactKind>()) { await Points(writer, kind, [.. now.Of(kind)], ct); }
        await Places(writer, now.Places, ct);
    }

    /// <summary>Of a new customer, what did not fit into his own fields.</summary>
    public async Task Further(FileWriter writer, CardFacts facts, CancellationToken ct)
    {
        foreach (var point in facts.Points)
        {
            var isOwn = point.Kind != ContactKind.WeChat && point == facts.First(point.Kind);
            if (isOwn && point is { IsUsual: true, Point.Label.Length: 0 }) { continue; }
            await contacts.Add(writer, point.Point, preferred: isOwn, FormKey.Read(FormKey.New()), ct);
        }
        foreach (var place in facts.Places) { await addresses.Add(writer, Written(place, new(0, "")), FormKey.Read(FormKey.New()), ct); }
    }

    private async Task Points(FileWriter writer, ContactKind kind, List<CardPoint> now, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var was = (await ContactPoint.Of(connection, writer.CustomerId, ct)).FindAll(point => point.Kind == kind);
        var gone = was.FindAll(point => point.Id > 0 && now.TrueForAll(one => one.Value != point.Value));
        var come = now.FindAll(one => was.TrueForAll(point => point.Value != one.Value));
        foreach (var (old, one) in gone.Zip(come)) { await contacts.Change(writer, old.Id, null, point => one.Point with { Use = one.IsUsual ? point.Use : one.Point.Use, IsPreferred = false }, ct); }
        foreach (var one in come.Skip(gone.Count)) { await contacts.Add(writer, one.Point, preferred: false, FormKey.Read(FormKey.New()), ct); }
        foreach (var old in gone.Skip(come.Count)) { await contacts.Remove(writer, old.Id, ct); }
        foreach (var (old, one) in was.Join(now, point => point.Value, one => one.Value, (old, one) => (old, one)))
        {
            // A program that knows no remarks leaves them out: that takes none away.
            var said = old with { Use = one.IsUsual ? old.Use : one.Point.Use, Label = one.Point.Label.Length > 0 ? one.Point.Label : old.Label };
            if (said == old) { continue; }
            if (old.Id > 0) { await contacts.Change(writer, old.Id, null, _ => said, ct); }
            else { await contacts.Add(writer, said with { Raw = old.Raw }, preferred: true, FormKey.Read(FormKey.New()), ct); }
        }
        await Prefer(writer, kind, now, ct);
    }

    private async Task Prefer(FileWriter writer, ContactKind kind, List<CardPoint> now, CancellationToken ct)
    {
        if (now.FindAll(one => one.Point.IsPreferred) is not [var wanted]) { return; }
        await using var connection = await database.Open(ct);
        if ((await ContactPoint.Of(connection, writer.CustomerId, ct)).Find(point => point.Kind == kind && point.Value == wanted.Value) is { Id: > 0, IsPreferred: false } point)
        {
            await contacts.Change(writer, point.Id, null, old => old with { IsPreferred = true }, ct);
        }
    }

    private async Task Places(FileWriter writer, IReadOnlyList<CardPlace> now, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var was = await Address.Of(connection, writer.CustomerId, ct);
        var gone = was.FindAll(place => place.Id > 0 && now.All(one => one.Text != place.Text));
        var come = now.Where(one => was.TrueForAll(place => place.Text != one.Text)).ToList();
        foreach (var (old, one) in gone.Zip(come)) { await addresses.Change(writer, old.Id, null, place => Written(one, place), ct); }
        foreach (var one in come.Skip(gone.Count)) { await addresses.Add(writer, Written(one, new(0, "")), FormKey.Read(FormKey.New()), ct); }
        foreach (var old in gone.Skip(come.Count)) { await addresses.Remove(writer, old.Id, ct); }
        foreach (var (old, one) in was.Join(now, place => place.Text, one => one.Text, (old, one) => (old, one)).Where(pair => pair.old.Id > 0 && pair.one.Postcode.Length > 0 && pair.one.Postcode != (pair.old.Postcode ?? "")))
        {
            await addresses.Change(writer, old.Id, null, place => Written(one, place), ct);
        }
    }

    /// <summary>With the division that the text names, where the two together say just the text.</summary>
    private static Address Written(CardPlace place, Address old)
    {
        var read = AddressText.Read(place.Text);
        var division = read.Divisions is [var only] && only.FullName + read.Detail == place.Text ? only : null;
        return Address.Read(place.Use ?? old.Use, division?.Code, division is null ? place.Text : read.Detail, (old.Recipient, old.Phone, place.Postcode.Length > 0 ? place.Postcode : old.Postcode)) with { IsPreferred = old.IsPreferred };
    }
}
