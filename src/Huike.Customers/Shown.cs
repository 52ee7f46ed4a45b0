namespace Huike.Customers;

/// <summary>What a page shows, handed from its route to its components within one request: components are public, what they show stays inside the module.</summary>
internal sealed class Shown<T> where T : class
{
    private T? value;

    /// <exception cref="InvalidOperationException">The route showed nothing.</exception>
    public T Value
    {
        get => value ?? throw new InvalidOperationException(typeof(T).Name);
        set => this.value = value;
    }
}
