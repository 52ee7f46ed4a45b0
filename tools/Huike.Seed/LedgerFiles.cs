using System.Globalization;
using System.Text;

namespace Huike.Seed;

/// <summary>The firm as CSV files (UTF-8 with BOM, comma, LF) that the product's imports read.</summary>
/// <param name="folder">Made where it is absent.</param>
/// <param name="isChinese">Names of files, headers and kinds in Chinese, otherwise in English; what stands in the cells is Chinese.</param>
public sealed class LedgerFiles(string folder, bool isChinese)
{
    private readonly Dictionary<string, string> _words = Facts.Lines("words").Select(line => line.Split('|')).ToDictionary(w => w[0], w => isChinese ? w[1] : w[2], StringComparer.Ordinal);

    /// <summary>The file of customers.</summary>
    public string Customers => PathOf("customers");

    /// <summary>The file of transactions.</summary>
    public string Transactions => PathOf("transactions");

    /// <summary>Writes the three files, over what is there.</summary>
    /// <returns>Lines of the ledger.</returns>
    public long Write(Firm firm)
    {
        Directory.CreateDirectory(folder);
        WriteProducts(firm);
        WriteCustomers(firm);
        return WriteTransactions(firm);
    }

    private string PathOf(string name) => Path.Combine(folder, _words[name]);

    private void WriteProducts(Firm firm)
    {
        using var file = Open("products", "productCode", "productName", "productCategory", "listPrice", "cost");
        foreach (var product in firm.Products)
        {
            file.Cell(product.Code).Cell(product.Name).Cell(product.Category).Cell(product.Price).Cell(product.Cost).EndLine();
        }
    }

    private void WriteCustomers(Firm firm)
    {
        using var file = Open(
            "customers", "number", "kind", "name", "phone", "email", "province", "city", "district", "address", "category", "creditCode", "contact", "createdAt");
        foreach (var customer in firm.Customers)
        {
            file.Cell(customer.Number).Cell(_words[Kind(customer.Kind)]).Cell(customer.Name).Cell(customer.Phone).Cell(customer.Email)
                .Cell(customer.Province).Cell(customer.City).Cell(customer.District).Cell(customer.Address).Cell(customer.Category)
                .Cell(customer.CreditCode).Cell(customer.Contact).Cell(customer.CreatedAt).EndLine();
        }
    }

    private long WriteTransactions(Firm firm)
    {
        using var file = Open(
            "transactions", "customer", "at", "document", "productCode", "productName", "productCategory", "quantity", "price", "discount", "place", "unitCost");
        long lines = 0;
        foreach (var line in firm.Transactions)
        {
            file.Cell(line.Customer).Cell(line.At).Cell(line.Document).Cell(line.Product.Code).Cell(line.Product.Name).Cell(line.Product.Category)
                .Cell(line.Quantity).Cell(line.Price).Cell(line.Discount).Cell(line.Place).Cell(line.Cost).EndLine();
            lines++;
        }

        return lines;
    }

    private static string Kind(SeedKind kind) => kind switch
    {
        SeedKind.Person => "person",
        SeedKind.Household => "household",
        SeedKind.Organisation => "organisation",
        SeedKind.Distributor => "distributor",
        _ => "partner",
    };

    private CsvFile Open(string name, params ReadOnlySpan<string> headers)
    {
        var file = new CsvFile(PathOf(name));
        foreach (var header in headers)
        {
            file.Cell(_words[header]);
        }

        file.EndLine();
        return file;
    }
}

/// <summary>Writes cells into one buffer: no string is made for a cell. The seed's own words hold no comma, quote or line end.</summary>
internal sealed class CsvFile(string path) : IDisposable
{
    private const int LongestCell = 200;
    private readonly StreamWriter _file = new(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), 1 << 16);
    private readonly char[] _buffer = new char[1 << 14];
    private int _length;
    private bool _inLine;

    internal CsvFile Cell(string? text)
    {
        Begin();
        text.AsSpan().CopyTo(_buffer.AsSpan(_length));
        _length += text?.Length ?? 0;
        return this;
    }

    internal CsvFile Cell(int number) => Formatted(number, default);

    internal CsvFile Cell(decimal number) => Formatted(number, default);

    internal CsvFile Cell(DateTime at)
    {
        Begin();
        Digits(at.Year, 4, '-');
        Digits(at.Month, 2, '-');
        Digits(at.Day, 2, ' ');
        Digits(at.Hour, 2, ':');
        Digits(at.Minute, 2, ':');
        Digits(at.Second, 2, '\0');
        return this;
    }

    internal void EndLine()
    {
        _buffer[_length++] = '\n';
        _inLine = false;
        if (_length > _buffer.Length / 2)
        {
            Flush();
        }
    }

    public void Dispose()
    {
        Flush();
        _file.Dispose();
    }

    private CsvFile Formatted<T>(T value, ReadOnlySpan<char> format)
        where T : ISpanFormattable
    {
        Begin();
        value.TryFormat(_buffer.AsSpan(_length), out var written, format, CultureInfo.InvariantCulture);
        _length += written;
        return this;
    }

    private void Digits(int value, int count, char after)
    {
        for (var i = count - 1; i >= 0; i--, value /= 10)
        {
            _buffer[_length + i] = (char)('0' + (value % 10));
        }

        _length += count;
        if (after != '\0')
        {
            _buffer[_length++] = after;
        }
    }

    private void Begin()
    {
        if (_inLine)
        {
            _buffer[_length++] = ',';
        }

        _inLine = true;
        if (_length + LongestCell > _buffer.Length)
        {
            Flush();
        }
    }

    private void Flush()
    {
        _file.Write(_buffer, 0, _length);
        _length = 0;
    }
}
