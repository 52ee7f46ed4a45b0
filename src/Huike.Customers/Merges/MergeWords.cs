namespace Huike.Customers.Merges;

/// <summary>What the two of a merge are called.</summary>
internal static class MergeWords
{
    public static string Name(CustomerFacts facts) => facts.Listed.Name.Length > 0 ? facts.Listed.Name : facts.Listed.Number;

    /// <summary>Name and number, which tell two of the same name apart.</summary>
    public static string Full(CustomerFacts facts) => facts.Listed.Name.Length > 0 ? $"{facts.Listed.Name} · {facts.Listed.Number}" : facts.Listed.Number;
}
