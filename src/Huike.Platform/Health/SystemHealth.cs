using System.Data.Common;
using Huike.Platform.Settings;

namespace Huike.Platform.Health;

/// <summary>系统状态: asks everything how it is.</summary>
internal sealed class SystemHealth(IEnumerable<IHealthCheck> checks, SettingsStore settings, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What was found, in the order of the modules.</summary>
    public IReadOnlyList<(string Title, Finding Found)> Lines { get; private set; } = [];

    /// <summary>In which moments are told.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    public DateTimeOffset Now { get; private set; }

    public async Task Read(CancellationToken ct)
    {
        (Now, Zone) = (clock.GetUtcNow(), (await settings.Get<FirmSettings>(ct)).Zone);
        var lines = new List<(string, Finding)>();
        foreach (var check in checks) { lines.Add((check.Title, await Look(check, ct))); }
        Lines = lines;
    }

    /// <summary>One that can't look is ill itself; the others are asked all the same.</summary>
    private static async Task<Finding> Look(IHealthCheck check, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            return await check.Run(patience.Token);
        }
        catch (Exception failure) when (failure is DbException or IOException or RuleException or InvalidOperationException || (failure is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return new(HealthState.Bad, "health.unanswered", failure.Message);
        }
    }
}
