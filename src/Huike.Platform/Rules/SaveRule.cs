using System.Globalization;
using Huike.Platform.Audit;
using Huike.Platform.Data;

namespace Huike.Platform.Rules;

/// <summary>Saves a rule as a new version, or removes it with its log. What waits already is done by its own version.</summary>
internal sealed class SaveRule(CheckRule check, RuleRuns runs, AuditLog audit, TimeProvider clock)
{
    /// <param name="id">Which rule; 0: a new one.</param>
    /// <param name="input">As it was filled in.</param>
    /// <param name="formKey">Sent twice under one key, a new rule is made once.</param>
    /// <param name="ct">Ends the write.</param>
    /// <returns>Its number.</returns>
    /// <exception cref="RuleException"><c>rules.stale</c>, <c>rules.unknown</c>, <c>rules.many</c>; those of <see cref="CheckRule.Run"/>.</exception>
    public async Task<long> Run(long id, RuleInput input, string formKey, CancellationToken ct)
    {
        var (now, today, _) = await runs.Day(ct);
        await audit.Change(async connection =>
        {
            await check.Run(connection, input, ct);
            // A daily rule whose hour is over begins tomorrow.
            var scanned = (now.Hour >= input.Definition.Hour ? today : today.AddDays(-1)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            (string, object?)[] values = [("subject", input.Subject), ("name", input.Name), ("on", input.IsOn ? 1 : 0), ("begins", input.Definition.When), ("hour", input.Definition.Hour), ("again", input.Definition.Again), ("scanned", scanned), ("key", formKey), ("id", id), ("version", input.Version)];
            var version = input.Version + 1;
            if (id == 0)
            {
                if (await connection.Number("select count(*) from platform_rule", ct) >= Rule.Most) { throw new RuleException("rules.many", Rule.Most); }
                version = 1;
                id = await connection.Number("insert into platform_rule (subject, name, is_on, version, begins, hour, again, scanned_on, turn, form_key) values (@subject, @name, @on, 1, @begins, @hour, @again, @scanned, 0, @key) on conflict (form_key) do nothing returning id", ct, values);
                if (id == 0)
                {
                    id = await connection.Number("select id from platform_rule where form_key = @key", ct, values);
                    return null;
                }
            }
            else if (await connection.Run("""
                update platform_rule set name = @name, scanned_on = case when is_on = 1 and begins = @begins and hour = @hour then scanned_on else @scanned end, is_on = @on, begins = @begins, hour = @hour, again = @again, version = version + 1
                where id = @id and version = @version and subject = @subject
                """, ct, values) == 0)
            {
                await Rule.Find(connection, id, null, ct);
                throw new RuleException("rules.stale");
            }
            await connection.Run("insert into platform_rule_version (rule_id, version, definition, created_at, created_by) values (@id, @version, @definition, @now, @by)", ct,
                ("id", id), ("version", version), ("definition", input.Definition.Write()), ("now", clock.GetUtcNow()), ("by", audit.Who));
            return new AuditEntry("rule.saved") { Kind = RulesModule.Audited.Name, Record = id, Changes = [AuditChange.Is("name", input.Name), AuditChange.Is("version", version), AuditChange.Is("on", input.IsOn), AuditChange.Is("definition", input.Definition.Write())] };
        }, ct);
        return id;
    }

    /// <summary>Removes it with its versions and its log; what it did stays done.</summary>
    /// <exception cref="RuleException"><c>rules.unknown</c>.</exception>
    public Task Remove(long id, CancellationToken ct) => audit.Change(async connection =>
    {
        var rule = await Rule.Find(connection, id, null, ct);
        await connection.Run("delete from platform_rule where id = @id", ct, ("id", id));
        return new AuditEntry("rule.removed") { Kind = RulesModule.Audited.Name, Record = id, Changes = [AuditChange.Is("name", rule.Name), AuditChange.Is("definition", rule.Definition.Write())] };
    }, ct);
}
