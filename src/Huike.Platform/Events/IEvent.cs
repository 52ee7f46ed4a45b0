using System.Data.Common;
using System.Globalization;

namespace Huike.Platform.Events;

/// <summary>The record that an event is about.</summary>
/// <param name="Kind">Name of its <see cref="Access.Records.RecordKind"/>.</param>
/// <param name="Id">Its number.</param>
public readonly record struct RecordName(string Kind, long Id);

/// <summary>
/// Something that happened: a public record in a module's <c>Contracts</c>. It holds numbers and what kind of thing changed, never what a person is called or said:
/// that stays in the record, where rights and erasures reach it.
/// </summary>
public interface IEvent
{
    /// <summary>Stable name without blanks, noun first: <c>customers.noted</c>. It stands in rows: never change one that was released.</summary>
    static abstract string Kind { get; }

    /// <summary>The record that it is about; null: about none.</summary>
    RecordName? About();
}

/// <summary>One telling of an event to one handler.</summary>
/// <param name="Id">Number of the event.</param>
/// <param name="At">When it happened.</param>
/// <param name="By">Sign-in name of who did it; empty: the program of its own accord.</param>
/// <param name="Handler">Who is told.</param>
/// <param name="Attempts">How often the handler failed at it.</param>
public sealed record Occurrence(long Id, DateTimeOffset At, string By, string Handler, int Attempts)
{
    /// <summary>Kind of the event.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The same at each try: for effects outside of the database that know a key of idempotency.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"{Id}-{Handler}");
}

/// <summary>
/// Does what follows from an event after its commit. What it writes by the connection it is given happens exactly once, as the delivery is marked as done in the same transaction.
/// What takes long or goes outside it asks for as a job in that transaction. Events may come in another order than they happened.
/// </summary>
/// <typeparam name="T">The event.</typeparam>
public interface IEventHandler<in T> where T : IEvent
{
    /// <summary>Does it; whatever it throws, it is tried again later.</summary>
    /// <param name="happened">What happened.</param>
    /// <param name="occurrence">When, and by whom.</param>
    /// <param name="connection">Holds the transaction and, on SQLite, the turn to write: others wait meanwhile.</param>
    /// <param name="ct">Ends the work after a minute.</param>
    Task Run(T happened, Occurrence occurrence, DbConnection connection, CancellationToken ct);
}
