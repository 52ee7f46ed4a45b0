namespace Huike.Customers.Imports;

/// <summary>What the list of loads shows, newest first.</summary>
internal sealed record LoadListView(IReadOnlyList<LoadView> Loads, bool IsMore, ListWording Words)
{
    public const int RowsOfPage = 50;
}
