using System.Data.Common;
using System.Text.Json;
using Huike.Platform.Data;

namespace Huike.Platform.Approvals;

/// <summary>What is asked.</summary>
/// <param name="Title">1 to 200 characters.</param>
/// <param name="Reason">1 to 2,000 characters.</param>
/// <param name="Amount">In the firm's currency, 0 or more; null where it isn't about money.</param>
public sealed record ApprovalAsked(string Title, string Reason, decimal? Amount);

/// <summary>审批单: something that was asked, and where it stands.</summary>
internal sealed record Approval(long Id, long FlowId, int FlowVersion, string SubjectKind, long SubjectId, ApprovalAsked Asked, long AskerId, int Version, DateTimeOffset AskedAt, ApprovalRun Run)
{
    public const string Columns = "id, flow_id, flow_version, subject_kind, subject_id, title, reason, amount, asker_id, version, asked_at, state, station";

    /// <summary>With all its stations; null: there is none.</summary>
    public static async Task<Approval?> Find(DbConnection connection, long id, CancellationToken ct)
    {
        var seats = await connection.Rows("select station, name, mode, user_id, state from platform_approval_seat where approval_id = @id order by station, place",
            row => (Station: row.GetInt32(0), Name: row.GetString(1), Mode: (StationMode)row.GetInt32(2), Seat: new Seat(row.GetInt64(3), (SeatState)row.GetInt32(4))), ct, ("id", id));
        IReadOnlyList<Station> stations = [.. seats.GroupBy(seat => seat.Station).Select(of => new Station(of.First().Name, of.First().Mode, [.. of.Select(one => one.Seat)]))];
        return await connection.First($"select {Columns} from platform_approval where id = @id", row => Map(row, stations), ct, ("id", id));
    }

    /// <summary>Writes where it stands. The caller holds its row.</summary>
    public async Task Save(DbConnection connection, DateTimeOffset now, CancellationToken ct)
    {
        await connection.Run("update platform_approval set title = @title, reason = @reason, amount = @amount, state = @state, station = @station, ended_at = @ended where id = @id", ct,
            ("title", Asked.Title), ("reason", Asked.Reason), ("amount", Asked.Amount), ("state", Run.State), ("station", Run.At), ("ended", Run.State is ApprovalState.Open or ApprovalState.SentBack ? null : now), ("id", Id));
        await connection.Run("delete from platform_approval_seat where approval_id = @id", ct, ("id", Id));
        for (var i = 0; i < Run.Stations.Count; i++)
        {
            var station = Run.Stations[i];
            for (var place = 0; place < station.Seats.Count; place++)
            {
                await connection.Run("insert into platform_approval_seat (approval_id, station, place, name, mode, user_id, state) values (@id, @station, @place, @name, @mode, @user, @state)", ct,
                    ("id", Id), ("station", i), ("place", place), ("name", station.Name), ("mode", station.Mode), ("user", station.Seats[place].UserId), ("state", station.Seats[place].State));
            }
        }
    }

    /// <summary>Keeps an act in its history.</summary>
    public Task<int> Keep(DbConnection connection, ApprovalAct act, DateTimeOffset now, CancellationToken ct) =>
        connection.Run("insert into platform_approval_act (approval_id, act, user_id, for_id, to_id, comment, asked, at) values (@id, @act, @user, @for, @to, @comment, @asked, @now)", ct,
            ("id", Id), ("act", act.Name), ("user", act.UserId), ("for", act.ForId), ("to", act.ToId), ("comment", act.Comment), ("asked", act.Name is "asked" or "asked-again" ? JsonSerializer.Serialize(Asked) : ""), ("now", now));

    /// <summary>Whether somebody may look at it: who asked, who decides or did, who acted, and who got a copy.</summary>
    /// <param name="connection">Reads.</param>
    /// <param name="id">Which.</param>
    /// <param name="users">Numbers of the user and of those whom the user stands in for.</param>
    /// <param name="ct">Ends the read.</param>
    public static async Task<bool> IsOpenTo(DbConnection connection, long id, IEnumerable<long> users, CancellationToken ct) => (await TitlesOf(connection, [id], users, ct)).ContainsKey(id);

    /// <summary>Titles of those among some that somebody may look at.</summary>
    public static async Task<Dictionary<long, string>> TitlesOf(DbConnection connection, IReadOnlyCollection<long> ids, IEnumerable<long> users, CancellationToken ct)
    {
        if (ids.Count == 0) { return []; }
        var who = string.Join(',', users);
        return (await connection.Rows($"""
            select a.id, a.title from platform_approval a where a.id in ({string.Join(',', ids)}) and (a.asker_id in ({who}) or exists (select 1 from platform_approval_seat where approval_id = a.id and user_id in ({who}) and state <> 0)
                or exists (select 1 from platform_approval_act where approval_id = a.id and (user_id in ({who}) or to_id in ({who}))) or exists (select 1 from platform_approval_copy where approval_id = a.id and user_id in ({who})))
            """, row => (Id: row.GetInt64(0), Title: row.GetString(1)), ct)).ToDictionary(one => one.Id, one => one.Title);
    }

    public static Approval Map(DbDataReader row, IReadOnlyList<Station> stations) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetString(3), row.GetInt64(4),
        new(row.GetString(5), row.GetString(6), row.IsDBNull(7) ? null : row.Amount(7)), row.GetInt64(8), row.GetInt32(9), row.At(10), new((ApprovalState)row.GetInt32(11), row.GetInt32(12), stations));
}

/// <summary>Something that somebody did with an approval.</summary>
/// <param name="Name">Stable: <c>approve</c>, <c>reject</c>, <c>send-back</c>, <c>hand-on</c>, <c>add-before</c>, <c>add-after</c>, <c>withdraw</c>, <c>comment</c>, <c>asked</c>, <c>asked-again</c>.</param>
/// <param name="UserId">Who.</param>
/// <param name="ForId">Whom a deputy stood in for; null: nobody.</param>
/// <param name="ToId">Who was added or got the place; null: nobody.</param>
/// <param name="Comment">Why; may be empty.</param>
internal sealed record ApprovalAct(string Name, long UserId, long? ForId, long? ToId, string Comment);
