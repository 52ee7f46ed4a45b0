namespace Huike.Seed;

/// <summary>
/// A believable maker of kitchen appliances with service (H0): catalogue, customers and ledger, made while they are read. The same
/// seed, size and last day give the same firm on every machine.
/// </summary>
public sealed class Firm
{
    private const int MostCustomers = 25_000_000;
    private const int LongestYears = 50;
    private const int LargestSample = 2_000;

    private readonly FirmSize _size;
    private readonly Market _market;
    private readonly CustomerFiles _files;

    /// <summary>Prepares the firm; cheap but where a number of lines is asked for, which is tried out on a sample (about a second).</summary>
    /// <param name="seed">Any number names a firm.</param>
    /// <param name="size">How large.</param>
    /// <param name="until">Last day of the ledger; the ledger lies between 1950 and 2090.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 1 or more than 25 million customers, years outside 1 to 50, fewer than 1 line, or a ledger outside 1950 to 2090.</exception>
    public Firm(int seed, FirmSize size, DateOnly until)
    {
        if (size is not { Customers: >= 1 and <= MostCustomers, Years: >= 1 and <= LongestYears, Lines: null or >= 1 })
        {
            throw new ArgumentOutOfRangeException(nameof(size), size, $"A firm has 1 to {MostCustomers} customers, 1 to {LongestYears} years and at least 1 line.");
        }

        if (until.Year - size.Years < 1950 || until.Year > 2090)
        {
            throw new ArgumentOutOfRangeException(nameof(until), until, "A ledger lies between 1950 and 2090.");
        }

        var from = until.AddYears(-size.Years).AddDays(1);
        var days = until.DayNumber - from.DayNumber + 1;
        _size = size;
        _market = new Market(seed, from, days, new Catalogue(seed, from, size.Years), Seasons.Retail(from, days), Seasons.Trade(from, days));
        _files = Files(size, size.Lines is { } lines ? PaceFor(lines) : 1);
    }

    /// <summary>All products, in order of code.</summary>
    public IEnumerable<SeedProduct> Products => _market.Catalogue.Products;

    /// <summary>All customers, in order of number, made one by one.</summary>
    public IEnumerable<SeedCustomer> Customers => Enumerable.Range(0, _size.Customers).Select(_files.Make);

    /// <summary>All lines in order of time, made day by day; memory is 4 bytes a customer and a month of returns.</summary>
    public IEnumerable<SeedTransaction> Transactions => LedgerOf(_size.Customers, _files).Lines();

    private CustomerFiles Files(FirmSize size, double pace) => new(_market, size.Customers, pace);

    private Ledger LedgerOf(int customers, CustomerFiles files) => new(_market, customers, files);

    /// <summary>How much faster than usual customers must buy for that many lines, found by halving on a sample.</summary>
    private double PaceFor(long lines)
    {
        var sample = _size with { Customers = Math.Min(_size.Customers, LargestSample), Lines = null };
        var wanted = (double)lines * sample.Customers / _size.Customers;
        var (low, high) = (0.01, 64.0);
        for (var i = 0; i < 10; i++)
        {
            var middle = i == 0 ? 1 : Math.Sqrt(low * high);
            var made = LedgerOf(sample.Customers, Files(sample, middle)).Lines().Take((int)Math.Min(int.MaxValue, wanted + 1)).Count();
            (low, high) = made > wanted ? (low, middle) : (middle, high);
        }

        return Math.Sqrt(low * high);
    }
}
