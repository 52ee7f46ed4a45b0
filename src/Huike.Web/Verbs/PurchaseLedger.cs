using System.Globalization;
using System.Runtime.InteropServices;
using Huike.Platform.Imports;
using Huike.Statistics.Value;

namespace Huike.Web.Verbs;

/// <summary>Input that a fit cannot be made of; <see cref="Code"/> is the key of the text that says how to mend it.</summary>
internal sealed class LedgerException(string code, params object[] args) : Exception(code)
{
    internal string Code { get; } = code;

    internal object[] Args { get; } = args;
}

/// <summary>Purchase days of a ledger file, one per customer and day, with their amounts.</summary>
/// <remarks>Reads the file twice: first for the order of day and month and the decimal mark, then for the rows. Rows without a customer and
/// returns (a negative amount or quantity, where one is mapped) are passed over; a date or number that cannot be read ends it.</remarks>
internal sealed class PurchaseLedger
{
    private const int SampleRows = 200;
    private readonly record struct PurchaseDay(int Customer, int Day, decimal Amount);

    private readonly List<PurchaseDay> _days;

    private PurchaseLedger(List<PurchaseDay> days, int until)
    {
        _days = days;
        Until = until;
    }

    /// <summary>Last day that counts, as <see cref="DateOnly.DayNumber"/>.</summary>
    internal int Until { get; }

    /// <param name="path">The file, .gz or not.</param>
    /// <param name="columns">field=column,…; null finds customer, date and amount by the header.</param>
    /// <param name="until">Last day that counts; null is the last one in the file.</param>
    /// <param name="withAmounts">Amounts are needed.</param>
    /// <exception cref="ImportException">The file or the mapping cannot be used.</exception>
    /// <exception cref="LedgerException">A column is missing, or a cell cannot be read.</exception>
    internal static PurchaseLedger Read(string path, string? columns, DateOnly? until, bool withAmounts)
    {
        var (map, order, mark) = Survey(path, columns, withAmounts);
        using var reader = TableReader.Open(path);
        var cells = new Cells(reader, map, order, mark);
        var customers = new Dictionary<string, int>(StringComparer.Ordinal);
        var known = customers.GetAlternateLookup<ReadOnlySpan<char>>();
        var sums = new Dictionary<(int Customer, int Day), decimal>();
        var last = int.MinValue;
        Span<char> scratch = stackalloc char[128];
        while (reader.Read())
        {
            var key = Cell.NormalKey(reader[map["customer"]], scratch);
            if (key.IsEmpty || cells.Amount() is not { } amount)
            {
                continue;
            }

            var day = cells.Day();
            last = Math.Max(last, day);
            if (day > until?.DayNumber)
            {
                continue;
            }

            if (!known.TryGetValue(key, out var customer))
            {
                customer = customers.Count;
                known[key] = customer;
            }

            CollectionsMarshal.GetValueRefOrAddDefault(sums, (customer, day), out _) += amount;
        }

        var days = sums.Select(sum => new PurchaseDay(sum.Key.Customer, sum.Key.Day, sum.Value)).ToList();
        days.Sort((one, other) => (one.Customer, one.Day).CompareTo((other.Customer, other.Day)));
        return new PurchaseLedger(days, until?.DayNumber ?? last);
    }

    internal HistoryGroups Histories(double daysPerUnit)
    {
        var histories = new List<PurchaseHistory>();
        ForEachCustomer(one =>
        {
            var numbers = new int[one.Length];
            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = one[i].Day;
            }

            histories.Add(PurchaseHistory.FromDays(numbers, Until, daysPerUnit)!.Value);
        });
        return HistoryGroups.Of(CollectionsMarshal.AsSpan(histories));
    }

    /// <summary>Repeat days and their mean amount; days that do not bring more than 0 are no purchases here.</summary>
    internal SpendHistory[] Spend()
    {
        var spend = new List<SpendHistory>();
        ForEachCustomer(one =>
        {
            var (count, sum, first) = (0, 0m, 0m);
            foreach (var day in one)
            {
                if (day.Amount > 0)
                {
                    first = count++ == 0 ? day.Amount : first;
                    sum += day.Amount;
                }
            }

            if (count > 0)
            {
                spend.Add(new SpendHistory(count - 1, count > 1 ? (double)((sum - first) / (count - 1)) : 0));
            }
        });
        return [.. spend];
    }

    private delegate void Customer(ReadOnlySpan<PurchaseDay> days);

    private void ForEachCustomer(Customer customer)
    {
        var all = CollectionsMarshal.AsSpan(_days);
        for (int from = 0, to; from < all.Length; from = to)
        {
            for (to = from + 1; to < all.Length && all[to].Customer == all[from].Customer; to++)
            {
            }

            customer(all[from..to]);
        }
    }

    private static (ColumnMap Map, DateOrder Order, DecimalMark Mark) Survey(string path, string? columns, bool withAmounts)
    {
        using var reader = TableReader.Open(path);
        var rows = new List<string[]>();
        var more = true;
        while (rows.Count < SampleRows && (more = reader.Read()))
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(column => reader[column].ToString())]);
        }

        var map = Columns(reader, columns, rows, withAmounts);
        var votes = new DateOrderVotes();
        foreach (var row in rows)
        {
            votes.Add(map["date"] < row.Length ? row[map["date"]] : "");
        }

        while (more && reader.Read())
        {
            votes.Add(reader[map["date"]]);
        }

        if (votes.IsMixed)
        {
            throw new LedgerException("valueVerb.date.mixed", map.Header[map["date"]]);
        }

        string[] numbers = ["amount", "price", "quantity"];
        return (map, votes.Order, Cell.DecimalMarkOf(numbers.Select(field => map[field]).Where(column => column >= 0)
            .SelectMany(column => rows.Select(row => column < row.Length ? row[column] : ""))));
    }

    private static ColumnMap Columns(TableReader reader, string? columns, List<string[]> rows, bool withAmounts)
    {
        // What a person names is all that counts: a column of amounts that nobody asked for must not turn rows into returns.
        var map = columns is null
            ? ColumnMap.Find(TableFields.Transactions, reader.Header, reader.HasHeader, rows)
            : ColumnMap.Find(TableFields.Transactions, reader.Header, hasHeader: false, []).With(columns);
        foreach (var needed in withAmounts && map["price"] < 0 ? (string[])["customer", "date", "amount"] : ["customer", "date"])
        {
            if (map[needed] < 0)
            {
                throw new LedgerException("valueVerb.column.missing", needed, string.Join(", ", reader.Header));
            }
        }

        return map;
    }

    /// <summary>Values of the row being read.</summary>
    private sealed class Cells(TableReader reader, ColumnMap map, DateOrder order, DecimalMark mark)
    {
        private readonly int _date = map["date"];
        private readonly int _amount = map["amount"];
        private readonly int _price = map["price"];
        private readonly int _quantity = map["quantity"];

        internal int Day() => Cell.TryDateTime(reader[_date], order, out var time)
            ? DateOnly.FromDateTime(time.Local).DayNumber
            : throw Unreadable("valueVerb.date.unreadable", _date);

        /// <summary>Null for a return.</summary>
        internal decimal? Amount()
        {
            var value = _amount >= 0 ? Number(_amount)
                : _price >= 0 || _quantity >= 0 ? (_price >= 0 ? Number(_price) : 1) * (_quantity >= 0 ? Number(_quantity) : 1)
                : 0;
            // So that a sum over all rows of a file stays within a decimal.
            const decimal Most = 1_000_000_000_000_000_000;
            if (Math.Abs(value) > Most)
            {
                throw Unreadable("valueVerb.number.unreadable", _amount >= 0 ? _amount : Math.Max(_price, _quantity));
            }

            return value < 0 || (_amount >= 0 && _quantity >= 0 && Number(_quantity) < 0) ? null : value;
        }

        private decimal Number(int column)
        {
            // So that the product of two is a decimal.
            const decimal Most = 10_000_000_000_000;
            return Cell.TryNumber(reader[column], mark, out var number) && Math.Abs(number) <= Most
                ? number
                : throw Unreadable("valueVerb.number.unreadable", column);
        }

        private LedgerException Unreadable(string code, int column)
        {
            var text = reader[column];
            return new LedgerException(
                code, reader.Line.ToString(CultureInfo.InvariantCulture), map.Header[column], text[..Math.Min(40, text.Length)].ToString());
        }
    }
}
