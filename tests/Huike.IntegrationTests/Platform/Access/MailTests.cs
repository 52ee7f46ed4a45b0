using System.Net.Mail;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Huike.Platform.Access;
using Huike.Platform.Data;
using Huike.Platform.Jobs;
using Huike.Platform.Mail;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.IntegrationTests.Platform.Access;

/// <summary>Mail where the server is busy, away, or not to be trusted.</summary>
public sealed class MailTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task What_is_refused_for_now_comes_later_and_what_is_refused_for_good_does_not(DatabaseKind kind)
    {
        await using var server = new SmtpListener();
        await using var app = await Start(kind, server);
        using var administrator = await app.Administrator();
        server.Refusals.Enqueue("451 greylisted, come back");
        server.Refusals.Enqueue("450 busy");
        await Invite(administrator, "anna");
        await Until(app, "attempts = 1 and state = 0 and wait_until is not null");
        app.Clock.Advance(TimeSpan.FromSeconds(50));
        await Until(app, "attempts = 1 and state = 0");
        app.Clock.Advance(TimeSpan.FromSeconds(15));
        await Until(app, "attempts = 2 and state = 0");
        app.Clock.Advance(TimeSpan.FromMinutes(4.1));
        Assert.Equal("anna@example.com", (await server.Next()).To);
        await Until(app, "attempts = 3 and state = 2");
        server.Refusals.Enqueue("550 nobody here");
        await Invite(administrator, "bert");
        await Until(app, "attempts = 1 and state = 3");
    }

    [Theory, OnBothDatabases]
    public async Task A_link_does_not_wait_behind_work_that_takes_long(DatabaseKind kind)
    {
        await using var server = new SmtpListener();
        using var slow = new Slow();
        await using var app = await Start(kind, server, slow);
        using var administrator = await app.Administrator();
        await app.Services.GetRequiredService<JobQueue>().Add(Slow.Name, "", "test", thisMachineOnly: false, Ct);
        await slow.Begun.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        await Invite(administrator, "anna");
        Assert.Equal("anna@example.com", (await server.Next()).To);
        slow.End.SetResult();
    }

    [Fact]
    public void Pauses_grow_and_end()
    {
        var busy = new SmtpException(SmtpStatusCode.MailboxBusy);
        Assert.Equal([1, 4, 15, 60, 240, null], Enumerable.Range(1, 6).Select(attempts => SmtpMail.PauseAfter(busy, attempts)?.TotalMinutes));
        Assert.NotNull(SmtpMail.PauseAfter(new TaskCanceledException(), 1));
        Assert.NotNull(SmtpMail.PauseAfter(new SmtpException(SmtpStatusCode.GeneralFailure), 1));
        Assert.Null(SmtpMail.PauseAfter(new SmtpException(SmtpStatusCode.MailboxUnavailable), 1));
        Assert.Null(SmtpMail.PauseAfter(new InvalidOperationException(), 1));
    }

    [Fact]
    public async Task Over_an_encrypted_connection_with_a_trusted_certificate_a_mail_goes_out()
    {
        using var certificate = Certificate();
        await using var server = new SmtpListener(certificate).Start();
        // The only way by which this client can be made to trust a certificate of the test's own.
#pragma warning disable SYSLIB0014, MA0039
        System.Net.ServicePointManager.ServerCertificateValidationCallback = (_, shown, _, faults) => faults == SslPolicyErrors.None || shown?.GetCertHashString() == certificate.GetCertHashString();
        try
        {
            await new SmtpMail(Options(server, tls: true)).Send("anna@example.com", "subject", "secret", Ct);
        }
        finally
        {
            System.Net.ServicePointManager.ServerCertificateValidationCallback = null;
        }
#pragma warning restore SYSLIB0014, MA0039
        Assert.Equal("secret", (await server.Next()).Text.Trim());
        Assert.DoesNotContain("anna", server.Overheard.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_trust_or_encryption_nothing_is_told_to_the_server(bool encrypts)
    {
        using var certificate = Certificate();
        await using var server = encrypts ? new SmtpListener(certificate).Start() : new SmtpListener();
        await Assert.ThrowsAnyAsync<Exception>(() => new SmtpMail(Options(server, tls: true)).Send("anna@example.com", "subject", "secret", Ct));
        Assert.DoesNotContain("anna", server.Overheard.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("MAIL", server.Overheard.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Works until it is told to end.</summary>
    private sealed class Slow : IJobWorker, IDisposable
    {
        public const string Name = "test.slow";

        public SemaphoreSlim Begun { get; } = new(0);

        public TaskCompletionSource End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Kind => Name;

        public Task Run(Job job, Action<double> progress, CancellationToken ct)
        {
            Begun.Release();
            return End.Task.WaitAsync(ct);
        }

        public void Dispose() => Begun.Dispose();
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static MailOptions Options(SmtpListener server, bool tls) => new() { Host = "127.0.0.1", Port = server.Port, From = "crm@example.com", Tls = tls, PublicAddress = "https://crm.example.com/" };

    private static Task<HuikeApp> Start(DatabaseKind kind, SmtpListener server, IJobWorker? more = null) => HuikeApp.Start(kind, builder =>
    {
        builder.Services.AddSingleton<IOutgoingMail>(new SmtpMail(Options(server, tls: false)));
        if (more is not null) { builder.Services.AddSingleton(more); }
    });

    private static async Task Invite(Visitor administrator, string name) =>
        (await administrator.Submit("/admin/users/new", "/admin/users/new", ("name", name), ("email", $"{name}@example.com"))).Dispose();

    private static async Task Until(HuikeApp app, string state)
    {
        for (var i = 0; i < 300; i++)
        {
            if (await app.Number($"select count(*) from platform_job where id = (select max(id) from platform_job) and {state}") == 1) { return; }
            await Task.Delay(100, Ct);
        }
        Assert.Fail($"The job never was: {state}; {string.Join('\n', app.Errors)}");
    }
}
