using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Huike.Ui;

namespace Huike.Web.Verbs;

/// <summary>How far the demonstration's customers let the firm in: consents, withdrawals, calls that came from them, who brought whom, and what is planned with the best of them. The same for the same customers.</summary>
internal static class DemoConsents
{
    private const string Purpose = "marketing";

    public static async Task Give(IServiceProvider services, string by, CancellationToken ct)
    {
        var (database, now) = (services.GetRequiredService<Database>(), services.GetRequiredService<TimeProvider>().GetUtcNow());
        var texts = CommandLine.Texts;
        (string, object?)[] values =
        [
            ("now", now), ("by", by), ("yes", true), ("no", false), ("zh", TextCatalog.For("zh-CN")["privacy.consentText.marketing"]), ("en", TextCatalog.For("en")["privacy.consentText.marketing"]),
            ("asked", texts["cli.demo.consent.asked"]), ("step", texts["cli.demo.consent.step"]),
        ];
        using var turn = await database.WriteTurn(ct);
        await using var connection = await database.Open(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        foreach (var sql in Facts(database.Kind)) { await connection.Run(sql, ct, values); }
        await services.GetRequiredService<JobQueue>().AddUnlessWaiting(connection, "customers.permission", "{}", by, ct);
        await transaction.CommitAsync(ct);
    }

    private static string[] Facts(DatabaseKind kind)
    {
        const string into = "insert into customers_consent (customer_id, purpose_id, channel, given, text_id, at, way, proof, created_at, created_by, form_key)";
        const string purpose = $"(select id from customers_purpose where code = '{Purpose}')";
        const string text = $"(select max(id) from customers_consent_text where purpose_id = {purpose})";
        return
        [
            $"insert into customers_consent_text (purpose_id, version, chinese, english, created_at, created_by) select {purpose}, 1, @zh, @en, {Ago("400")}, @by where not exists (select 1 from customers_consent_text where purpose_id = {purpose})",
            $"{into} select id, {purpose}, case id % 4 when 3 then 4 else id % 4 end, @yes, {text}, {Ago("30 + id * 7919 % 330")}, 1 + id % 4, 'F-' || id, {Ago("30 + id * 7919 % 330")}, @by, 'demo-given-' || id from customers_customer where id % 10 < 4",
            $"{into} select id, {purpose}, 0, @no, null, {Ago("id * 31 % 29")}, 2, '', {Ago("id * 31 % 29")}, @by, 'demo-withdrawn-' || id from customers_customer where id % 50 = 1",
            $"insert into customers_note (customer_id, body, kind, direction, at, created_at, created_by, form_key) select id, @asked, 1, 1, {Ago("id * 613 % 29")}, {Ago("id * 613 % 29")}, @by, 'demo-asked-' || id from customers_customer where id % 10 < 2",
            $"insert into customers_relation (customer_id, other_id, kind, note, created_at, created_by, version) select c.id, o.id, 3, '', {Ago("c.id * 17 % 28")}, @by, 1 from customers_customer c join customers_customer o on o.id = c.id - c.id % 10 where c.id % 97 = 3 and c.id % 10 <> 0",
            $"insert into customers_next_step (customer_id, what, due_at, created_at, created_by, form_key) select customer_id, @step, {Ago("-1 - customer_id % 14")}, @now, @by, 'demo-step-' || customer_id from customers_standing where tier in (1, 2) and customer_id % 3 = 0",
        ];

        string Ago(string days) => kind == DatabaseKind.Postgres ? $"(cast(@now as timestamptz) - ({days}) * interval '1 day')" : $"(@now - ({days}) * 86400000)";
    }
}
