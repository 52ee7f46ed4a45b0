using Microsoft.AspNetCore.Components;

namespace Huike.Ui.Kit;

/// <summary>Whose turn it is to read among the parts of one page.</summary>
internal sealed class ReadingTurn : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);

    public Task Wait() => turn.WaitAsync();

    public void End() => turn.Release();

    public void Dispose() => turn.Dispose();
}

/// <summary>
/// A part of a page that reads by itself what it shows. The parts of a page read one after another: side by side each would hold a connection of its own,
/// and a database that serves ten connections for each page pays a fifth more for the same statements (bench <c>file</c>).
/// </summary>
public abstract class Reading : ComponentBase
{
    [Inject]
    private ReadingTurn Turn { get; set; } = null!;

    /// <summary>Reads; the part is shown when it has ended.</summary>
    protected abstract Task Read();

    /// <inheritdoc/>
    protected sealed override async Task OnInitializedAsync()
    {
        await Turn.Wait();
        try { await Read(); }
        finally { Turn.End(); }
    }
}
