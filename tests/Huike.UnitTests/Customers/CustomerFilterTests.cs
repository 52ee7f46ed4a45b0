using Huike.Customers;
using Huike.Customers.Contracts;
using Huike.Platform;
using Huike.Platform.Access.Roles;
using Huike.Platform.Data;
using Huike.Platform.Search;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace Huike.UnitTests.Customers;

public sealed class CustomerFilterTests
{
    private static readonly Viewer Everyone = new([], FieldAccess.Full);

    [Theory]
    [InlineData("q=a&tier=platinum&stage=first-time-buyer&kind=organisation&place=b&category=c&rfm=54&cohort=2011-03&contribution=negative&top=sales%3A0.2")]
    [InlineData("top=contribution%3A0.05")]
    [InlineData("")]
    public void A_filter_writes_itself_as_it_was_read(string query) => Assert.Equal(query, CustomerFilter.Read(Query(query), []).Key);

    [Theory]
    [InlineData("tier=none", Tier.None)]
    [InlineData("tier=lead", Tier.Lead)]
    public void A_tier_is_named_as_in_addresses(string query, Tier tier) => Assert.Equal(tier, CustomerFilter.Read(Query(query), []).Tier);

    [Theory]
    [InlineData("tier=1")]
    [InlineData("tier=Gold")]
    [InlineData("rfm=06")]
    [InlineData("rfm=5")]
    [InlineData("cohort=2011-13")]
    [InlineData("contribution=positive")]
    [InlineData("top=sales:0")]
    [InlineData("top=sales:1.01")]
    [InlineData("top=margin:0.2")]
    [InlineData("top=sales:0.2:1")]
    [InlineData("q=a%00b")]
    public void A_value_that_cannot_be_meant_is_refused(string query) =>
        Assert.Equal("customers.filter.wrong", Assert.Throws<RuleException>(() => CustomerFilter.Read(Query(query), [])).Code);

    [Theory]
    [InlineData("", "name+")]
    [InlineData("q=a", "relevance+")]
    [InlineData("top=sales:0.2", "sales-")]
    [InlineData("contribution=negative", "contribution+")]
    [InlineData("tier=gold", "contribution-")]
    [InlineData("sort=last", "last-")]
    [InlineData("sort=last&dir=asc", "last+")]
    [InlineData("sort=tier", "tier+")]
    public void A_list_has_the_order_that_fits_what_is_asked(string query, string order) => Assert.Equal(order, CustomerQuery.Read(Query(query), Everyone).Order);

    [Fact]
    public void What_is_typed_never_gets_into_the_statement()
    {
        var filter = CustomerFilter.Read(Query("q=x'y&place=p'q&category=r'--"), []);
        var sql = new CustomerListSql(DatabaseKind.Sqlite, new(filter, CustomerSort.ByName, false, Everyone), TimeZoneInfo.Utc, null).Rows(CustomerSort.ByName, false, true, null, 10);
        Assert.DoesNotContain("x'y", sql, StringComparison.Ordinal);
        Assert.DoesNotContain("p'q", sql, StringComparison.Ordinal);
        Assert.DoesNotContain("--", sql, StringComparison.Ordinal);
    }

    [Fact]
    public void A_walk_along_an_order_lets_SQLite_take_no_other_index()
    {
        var sql = new CustomerListSql(DatabaseKind.Sqlite, new(new CustomerFilter { Tier = Tier.Lead }, CustomerSort.BySales, true, Everyone), TimeZoneInfo.Utc, null);
        Assert.Contains("+s.tier = @tier", sql.Rows(CustomerSort.BySales, true, false, null, 10), StringComparison.Ordinal);
        Assert.Contains(" s.tier = @tier", sql.Rows(CustomerSort.ByContribution, true, false, null, 10), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("+8613800138000", "138 0013 8000")]
    [InlineData("+861088886666", "010 8888 6666")]
    [InlineData("+8657188886666", "0571 8888 6666")]
    [InlineData("+442071838750", "+442071838750")]
    [InlineData(null, "")]
    public void A_phone_is_shown_as_people_write_it(string? kept, string shown) => Assert.Equal(shown, Phone.Shown(kept));

    private static QueryCollection Query(string text) => new(QueryHelpers.ParseQuery(text));
}
