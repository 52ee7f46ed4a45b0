using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authentication;

namespace Huike.Platform.Access.Sessions;

/// <summary>
/// Decrypts each cookie once: a browser sends the same one with every request, and its decryption costs as much as reading a customer. Whether the session still holds
/// is asked of its row all the same, at each request; the cookie only says which row.
/// </summary>
/// <param name="format">Encrypts and decrypts.</param>
internal sealed class RememberedTickets(ISecureDataFormat<AuthenticationTicket> format) : ISecureDataFormat<AuthenticationTicket>
{
    private const int Most = 10_000;

    // Only texts that were decrypted come in here: a stranger's inventions fill no memory.
    private readonly ConcurrentDictionary<string, AuthenticationTicket> known = new(StringComparer.Ordinal);

    public string Protect(AuthenticationTicket data) => format.Protect(data);

    public string Protect(AuthenticationTicket data, string? purpose) => format.Protect(data, purpose);

    public AuthenticationTicket? Unprotect(string? protectedText) => Unprotect(protectedText, null);

    public AuthenticationTicket? Unprotect(string? protectedText, string? purpose)
    {
        // A purpose binds a cookie to its connection; such cookies are read each time.
        if (protectedText is null || purpose is not null) { return format.Unprotect(protectedText, purpose); }
        // A ticket is handed out as a copy: who gets it may change it.
        if (known.TryGetValue(protectedText, out var ticket)) { return ticket.Clone(); }
        if (format.Unprotect(protectedText) is not { } read) { return null; }
        if (known.Count >= Most) { known.Clear(); }
        known[protectedText] = read;
        return read.Clone();
    }
}
