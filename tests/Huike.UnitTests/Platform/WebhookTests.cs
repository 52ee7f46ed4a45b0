using System.Net;
using Huike.Platform.Webhooks;
using Xunit;

namespace Huike.UnitTests.Platform;

public sealed class WebhookTests
{
    /// <summary>Secret, message and signature are those of the specification.</summary>
    [Fact]
    public void The_signature_is_that_of_the_specification() => Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSecrets.Signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, """{"test": 2432232314}"""));

    [Fact]
    public void A_secret_has_as_many_random_bytes_as_the_specification_asks_for()
    {
        var secret = WebhookSecrets.Make();
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        Assert.InRange(Convert.FromBase64String(secret["whsec_".Length..]).Length, 24, 64);
        Assert.NotEqual(secret, WebhookSecrets.Make());
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("0.0.0.0")]
    [InlineData("10.0.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001:0:7f00:1::")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("fe80::1%2")]
    [InlineData("ff02::1")]
    [InlineData("2001:db8::1")]
    public void What_is_not_public_is_not_reached(string address)
    {
        Assert.False(new Reachable(null).Permits(IPAddress.Parse(address), isPlain: false));
        Assert.False(new Reachable("203.0.113.7").Permits(IPAddress.Parse(address), isPlain: false));
    }

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("::ffff:1.1.1.1")]
    public void What_is_public_is_reached_by_encrypted_messages_alone(string address)
    {
        var reachable = new Reachable("10.1.0.0/16");
        Assert.True(reachable.Permits(IPAddress.Parse(address), isPlain: false));
        Assert.False(reachable.Permits(IPAddress.Parse(address), isPlain: true));
    }

    [Fact]
    public void What_the_operator_allowed_is_reached_and_its_neighbours_are_not()
    {
        var reachable = new Reachable("10.1.0.0/16, 127.0.0.1, ::1");
        Assert.All(["10.1.255.255", "::ffff:10.1.2.3", "127.0.0.1", "::1"], address => Assert.True(reachable.Permits(IPAddress.Parse(address), isPlain: true), address));
        Assert.All(["10.2.0.1", "127.0.0.2", "fe80::1"], address => Assert.False(reachable.Permits(IPAddress.Parse(address), isPlain: true), address));
        Assert.Throws<FormatException>(() => new Reachable("my network"));
    }

    [Fact]
    public void Pauses_are_those_of_the_specification_spread_by_a_fifth()
    {
        var plain = new[] { TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24) };
        Assert.Equal(plain.Length + 1, WebhookDeliveries.MostAttempts);
        for (var i = 0; i < plain.Length; i++)
        {
            foreach (var id in Enumerable.Range(1, 50)) { Assert.InRange(WebhookDeliveries.PauseAfter(i + 1, id, null)!.Value, plain[i] * 0.8, plain[i] * 1.2); }
        }
        Assert.Null(WebhookDeliveries.PauseAfter(10, 1, TimeSpan.FromHours(1)));
        Assert.True(Enumerable.Range(1, 50).Select(id => WebhookDeliveries.PauseAfter(4, id, null)).Distinct().Count() > 40);
    }

    [Fact]
    public void What_the_other_side_asks_for_holds_where_it_is_longer_up_to_a_day()
    {
        Assert.Equal(TimeSpan.FromMinutes(7), WebhookDeliveries.PauseAfter(1, 1, TimeSpan.FromMinutes(7)));
        Assert.Equal(TimeSpan.FromDays(1), WebhookDeliveries.PauseAfter(1, 1, TimeSpan.FromDays(4_000)));
        Assert.Equal(WebhookDeliveries.PauseAfter(3, 1, null), WebhookDeliveries.PauseAfter(3, 1, TimeSpan.FromSeconds(-90)));
    }
}
