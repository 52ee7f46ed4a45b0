using System.Net;
using Huike.Customers.Contracts;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Web;

/// <summary>Every route, with every shipped role, on one's own and on another's record: let in by what the role's definition says, and by nothing else.</summary>
public sealed class RolesOnRoutesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task Every_route_lets_each_role_in_as_its_definition_says(DatabaseKind kind)
    {
        await using var app = await HuikeApp.Start(kind);
        using var administrator = await app.Administrator();
        var (here, there) = (await app.AddUnit("Here"), await app.AddUnit("There"));
        var other = await app.AddUserWithRoles("other", there);
        await Given.Customers(app, "number,name\n" + string.Concat(Enumerable.Range(1, RoleBook.ShippedNames.Count + 1).Select(i => $"K{i},N{i}\n")));
        await app.Number($"update customers_customer set owner_id = {other}, unit_id = {there}");
        var book = await app.Services.GetRequiredService<RoleBook>().All(Ct);
        var foreign = RoleBook.ShippedNames.Count + 1;
        for (var i = 0; i < RoleBook.ShippedNames.Count; i++)
        {
            var role = book[RoleBook.ShippedNames[i]];
            var user = await app.AddUserWithRoles("the-" + role.Name, here, role.Name);
            await app.Number($"update customers_customer set owner_id = {user}, unit_id = {here} where id = {i + 1}");
            using var visitor = await app.As("the-" + role.Name);
            foreach (var (record, isOwn) in new[] { (foreign, false), (i + 1, true) }) { await Walk(app, visitor, role, record, isOwn); }
        }
    }

    [Fact]
    public async Task Every_route_of_one_customer_is_under_the_policy()
    {
        await using var app = await HuikeApp.Start(DatabaseKind.Sqlite);
        var bare = AppRoute.Of(app).Where(route => (route.Pattern.StartsWith("/customers/{id", StringComparison.Ordinal) || route.Pattern.StartsWith("/api/customers/{id", StringComparison.Ordinal))
            && route.Endpoint.Metadata.GetMetadata<RecordRoute>()?.Kind != CustomerPermissions.Records);
        Assert.Equal([], bare.Select(route => route.Name));
    }

    private static readonly string[] Internal = ["/relationship", "/bonds", "/moments", "/retention-plan", "/invoice-titles", "/consents", "/unknown", "/permission", "/hands"];

    private static async Task Walk(HuikeApp app, Visitor visitor, Role role, int record, bool isOwn)
    {
        var token = await visitor.Token("/account");
        // What ends the visitor's own session comes from elsewhere.
        foreach (var route in AppRoute.Of(app).Where(route => !route.IsOpen && !route.IsDoor && !route.Pattern.Contains("sign-out", StringComparison.Ordinal) && !route.Pattern.StartsWith("/account", StringComparison.Ordinal)).OrderBy(route => route.Pattern.EndsWith("/removal", StringComparison.Ordinal)))
        {
            var path = route.Pattern.Contains("customers/{id", StringComparison.Ordinal) ? route.Pattern.Replace("{id:long}", $"{record}", StringComparison.Ordinal) : route.Path;
            using var request = new HttpRequestMessage(new(route.Method), System.Text.RegularExpressions.Regex.Replace(path, "{[^}]*}", "99", System.Text.RegularExpressions.RegexOptions.NonBacktracking));
            if (route.Method != "GET" && route.Pattern.StartsWith("/api/", StringComparison.Ordinal)) { request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json"); }
            else if (route.Method == "POST") { request.Content = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("owner", "the-" + role.Name)]); }
            using var answer = await visitor.Send(request);
            // Routes of files take no other form: they answer so before anybody is asked who he is.
            if (answer.StatusCode == HttpStatusCode.UnsupportedMediaType) { continue; }
            var asked = route.Endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(rule => rule.Policy).OfType<string>();
            if (!asked.All(permission => Scope(role, permission) > RecordScope.None))
            {
                Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{route} let {role.Name} in: {answer.StatusCode}");
                continue;
            }
            if (route.Endpoint.Metadata.GetMetadata<RecordRoute>() is not { } about || !route.Pattern.Contains("{id", StringComparison.Ordinal))
            {
                Assert.True(answer.StatusCode != HttpStatusCode.Forbidden, $"{route} shut {role.Name} out");
                continue;
            }
            var read = Reaches(role, about.Kind.Permission(RecordAction.Read), isOwn);
            var may = read && Reaches(role, about.Kind.Permission(about.Action), isOwn);
            var refused = answer.StatusCode == (read ? HttpStatusCode.Forbidden : HttpStatusCode.NotFound);
            // Fields above the role's level are refused by themselves.
            if ((route.Pattern.EndsWith("/reveal", StringComparison.Ordinal) || route.Pattern.Contains("/files", StringComparison.Ordinal) || route.Pattern.EndsWith("/value", StringComparison.Ordinal) || Internal.Any(part => route.Pattern.Contains(part, StringComparison.Ordinal))) && may) { continue; }
            Assert.True(may ? answer.StatusCode is not (HttpStatusCode.Forbidden or HttpStatusCode.NotFound) || HasFurther(route) : refused, $"{route} on {(isOwn ? "an own" : "a foreign")} record answered {role.Name} with {answer.StatusCode}");
        }
    }

    /// <summary>Asks for a second thing, such as a step or a share, which isn't there.</summary>
    private static bool HasFurther(AppRoute route) => route.Pattern.Split('{').Length > 2 || route.Pattern.EndsWith("/documents", StringComparison.Ordinal);

    private static RecordScope Scope(Role role, string permission) => role.Name == RoleBook.Administrator ? RecordScope.All : role.Definition.ScopeOf(permission);

    private static bool Reaches(Role role, string permission, bool isOwn) => Scope(role, permission) is var scope && (scope == RecordScope.All || (isOwn && scope > RecordScope.None));
}
