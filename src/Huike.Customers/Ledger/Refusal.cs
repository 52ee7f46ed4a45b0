namespace Huike.Customers.Ledger;

/// <summary>Why a row is not taken: a text key, and what the text shows.</summary>
internal readonly record struct Refusal(string Code, params object[] Args);
