using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Api;
using Huike.Platform.Conditions;
using Huike.Platform.Fields;
using Microsoft.AspNetCore.Http;

namespace Huike.Customers.Views;

/// <summary>A column of a board: a value, what those who have it come to, and the first of them.</summary>
/// <param name="Figure">Value, number and totals.</param>
/// <param name="Page">The first cards.</param>
internal sealed record BoardColumn(GroupFigure Figure, CustomerPage Page);

/// <summary>看板: reads the columns of a board, and changes the fact that makes them.</summary>
internal sealed class Board(CustomerList list, RecordPolicy policy, AssignCustomer assign, ChangeByProgram change)
{
    /// <summary>Most columns: further values are found in the table by groups.</summary>
    private const int MostColumns = 12;

    /// <summary>Cards of a column, and those that follow at once.</summary>
    private const int Cards = 20;

    /// <summary>The columns; those of a list of choices are there though nobody has the value.</summary>
    public async Task<IReadOnlyList<BoardColumn>> Columns(CustomerQuery query, Fact fact, IReadOnlyList<GroupFigure> groups, CancellationToken ct)
    {
        var missing = fact.Choices.Where(choice => groups.All(group => group.Value != choice.Value)).Select(choice => new GroupFigure(new FactCondition(fact.Name, FactTest.Is, choice.Value), choice.Value, null, 0, 0, 0));
        var order = fact.Choices.Select((choice, i) => (choice.Value, i)).ToDictionary(one => one.Value, one => one.i);
        var columns = new List<BoardColumn>();
        foreach (var group in groups.Concat(missing).OrderBy(group => order.GetValueOrDefault(group.Value, order.Count)).Take(MostColumns))
        {
            columns.Add(new(group, group.Count == 0 ? new([], 0, 0, false, null, null) : await Page(query, group.Is, group.Count, null, ct)));
        }
        return columns;
    }

    /// <summary>Cards of a column, after the cursor's.</summary>
    public Task<CustomerPage> Page(CustomerQuery query, Condition column, long count, ListCursor? after, CancellationToken ct) =>
        list.Some(query with { Filter = query.Filter with { Where = ConditionGroup.And(query.Filter.Where, column) }, Limit = Cards, From = after, Backwards = false }, count, ct);

    /// <summary>Whether a fact is changed by moving a card or in a cell: others are computed, or need a reason.</summary>
    public static bool IsMovable(HttpContext http, string field) => field switch
    {
        "owner" => http.User.Holds(CustomerPermissions.Assign),
        "kind" or "category" or "place" or "phone" => http.User.Holds(CustomerPermissions.Edit) && (field != "phone" || Viewer.Of(http).SeesPersonal),
        _ => http.User.Holds(CustomerPermissions.Edit) && Viewer.Of(http).Own.Any(own => own.Input == field && own.Type is not (FieldType.Formula or FieldType.Person or FieldType.Record)),
    };

    /// <summary>Gives a customer another value of a fact.</summary>
    /// <param name="http">Who changes it; he may change this customer.</param>
    /// <param name="id">Which.</param>
    /// <param name="field">Name of the fact.</param>
    /// <param name="value">The new value as forms have it; empty: none.</param>
    /// <param name="version">As it was shown.</param>
    /// <param name="ct">Ends the write.</param>
    /// <exception cref="RuleException"><c>views.move.fixed</c>; <c>customers.edit.stale</c>; those of <see cref="ChangeByProgram"/> and <see cref="AssignCustomer"/>.</exception>
    public async Task Set(HttpContext http, long id, string field, string value, int version, CancellationToken ct)
    {
        if (!IsMovable(http, field)) { throw new RuleException("views.move.fixed"); }
        if (field == "owner")
        {
            await policy.Demand(http.User.Access(), CustomerPermissions.Records, RecordAction.Assign, id, ct);
            await assign.Run(id, value, ct);
            return;
        }
        var isOwn = field.StartsWith(CustomField.Prefix, StringComparison.Ordinal);
        var node = value.Length > 0 ? System.Text.Json.Nodes.JsonValue.Create(value) : null;
        var members = isOwn ? new System.Text.Json.Nodes.JsonObject { ["custom"] = new System.Text.Json.Nodes.JsonObject { [field[CustomField.Prefix.Length..]] = node } } : new System.Text.Json.Nodes.JsonObject { [field] = node };
        try
        {
            await change.Edit(http, id, System.Text.Json.JsonSerializer.Deserialize<CustomerInput>(members, ApiAnswer.Json)!, new HashSet<string> { isOwn ? "custom" : field }, version, ct);
        }
        catch (System.Text.Json.JsonException)
        {
            throw new RuleException("conditions.value.wrong", field, value[..Math.Min(value.Length, 60)]);
        }
        // Of one field alone its own words are told.
        catch (RuleException refused) when (refused is { Code: "api.fields.wrong", Fields.Count: 1 })
        {
            throw new RuleException(refused.Fields.First().Value);
        }
    }
}
