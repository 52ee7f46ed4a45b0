using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;

namespace Huike.Platform.Access.SecondFactors;

/// <summary>第二因素: codes from the user's phone (TOTP, RFC 6238: SHA-1, six figures, thirty seconds) and recovery codes. The key is kept encrypted, the recovery codes as hashes; each code opens once.</summary>
internal sealed class SecondFactor(UserManager<User> users, IDataProtectionProvider protection, TimeProvider clock)
{
    private const string Provider = "huike";
    private const string KeyName = "TotpKey";
    private const string StepName = "TotpStep";
    private const string CodesName = "RecoveryCodes";
    private const int RecoveryCodes = 10;
    private const int KeyBytes = 20;

    // Without those that look alike.
    private const string Letters = "23456789abcdefghjkmnpqrstuvwxyz";

    private readonly IDataProtector protector = protection.CreateProtector("second factor");

    /// <summary>A key that is nobody's yet.</summary>
    public static byte[] NewKey() => RandomNumberGenerator.GetBytes(KeyBytes);

    /// <summary>The key on its way through the browser, which can't read it there from.</summary>
    public string Seal(byte[] key, long userId) => Convert.ToBase64String(Pending(userId).Protect(key));

    /// <summary>Whether the code is the key's now, one step earlier or later.</summary>
    /// <returns>Its step, or null.</returns>
    public long? StepOf(byte[] key, string code)
    {
        var typed = Encoding.ASCII.GetBytes(string.Concat(code.Where(char.IsAsciiDigit)));
        var now = clock.GetUtcNow().ToUnixTimeSeconds() / 30;
        return ((long[])[now, now - 1, now + 1]).Where(step => CryptographicOperations.FixedTimeEquals(typed, Encoding.ASCII.GetBytes(Code(key, step)))).Select(step => (long?)step).FirstOrDefault();
    }

    /// <summary>Turns it on with a sealed key, once the code shows that the phone has it.</summary>
    /// <returns>Recovery codes, to be shown once.</returns>
    /// <exception cref="RuleException"><c>access.factor.wrong</c>.</exception>
    public async Task<IReadOnlyList<string>> TurnOn(User user, string sealedKey, string code)
    {
        var key = Open(sealedKey, user.Id);
        if (key is null || StepOf(key, code) is not { } step) { throw new RuleException("access.factor.wrong"); }
        await users.SetAuthenticationTokenAsync(user, Provider, KeyName, Convert.ToBase64String(protector.Protect(key)));
        await users.SetAuthenticationTokenAsync(user, Provider, StepName, step.ToString(CultureInfo.InvariantCulture));
        var codes = await NewRecoveryCodes(user);
        Users.UserChange.Demand(await users.SetTwoFactorEnabledAsync(user, enabled: true));
        return codes;
    }

    /// <summary>Turns it off; key and codes are gone.</summary>
    public async Task TurnOff(User user)
    {
        foreach (var name in (string[])[KeyName, StepName, CodesName]) { await users.RemoveAuthenticationTokenAsync(user, Provider, name); }
        Users.UserChange.Demand(await users.SetTwoFactorEnabledAsync(user, enabled: false));
    }

    /// <summary>Ten new recovery codes of 79 bits; those before are void.</summary>
    public async Task<IReadOnlyList<string>> NewRecoveryCodes(User user)
    {
        var codes = Enumerable.Range(0, RecoveryCodes).Select(_ => string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Letters, 4)))).ToList();
        Users.UserChange.Demand(await users.SetAuthenticationTokenAsync(user, Provider, CodesName, string.Join(';', codes.Select(Hash))));
        return codes;
    }

    /// <summary>How many recovery codes are left.</summary>
    public async Task<int> RecoveryCodesLeft(User user) => (await users.GetAuthenticationTokenAsync(user, Provider, CodesName) ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>Judges a code from the phone or a recovery code, and uses it up. Of two at once, one wins: the account's row is written with its stamp.</summary>
    public async Task<bool> Use(User user, string code)
    {
        if (!code.Any(char.IsAsciiLetter) && await OwnKey(user) is { } key && StepOf(key, code) is { } step)
        {
            var last = long.Parse(await users.GetAuthenticationTokenAsync(user, Provider, StepName) ?? "0", CultureInfo.InvariantCulture);
            return step > last && (await users.SetAuthenticationTokenAsync(user, Provider, StepName, step.ToString(CultureInfo.InvariantCulture))).Succeeded;
        }
        var kept = (await users.GetAuthenticationTokenAsync(user, Provider, CodesName) ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries);
        var left = kept.Where(hash => hash != Hash(code)).ToList();
        return left.Count < kept.Length && (await users.SetAuthenticationTokenAsync(user, Provider, CodesName, string.Join(';', left))).Succeeded;
    }

    /// <summary>What the phone reads: key and names, as authenticator programs understand them.</summary>
    public static string Address(byte[] key, string product, string userName) =>
        $"otpauth://totp/{Uri.EscapeDataString(product)}:{Uri.EscapeDataString(userName)}?secret={Base32(key)}&issuer={Uri.EscapeDataString(product)}";

    /// <summary>The key as people type it (RFC 4648, base 32; no padding, as 20 bytes need none).</summary>
    public static string Base32(byte[] key)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bits = string.Concat(key.Select(part => part.ToString("b8", CultureInfo.InvariantCulture)));
        return string.Concat(bits.Chunk(5).Select(five => Alphabet[Convert.ToInt32(new string(five), 2)]));
    }

    /// <summary>The six figures of one step (RFC 4226).</summary>
    internal static string Code(byte[] key, long step)
    {
        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        // The standard's own, which every phone knows; as a keyed hash SHA-1 is unbroken.
#pragma warning disable CA5350
        var hash = HMACSHA1.HashData(key, counter);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>The key that a browser brings back, or null where it isn't one of ours for this user.</summary>
    public byte[]? Open(string sealedKey, long userId)
    {
        try
        {
            return Pending(userId).Unprotect(Convert.FromBase64String(sealedKey));
        }
        catch (Exception forged) when (forged is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private async Task<byte[]?> OwnKey(User user) =>
        await users.GetAuthenticationTokenAsync(user, Provider, KeyName) is { } kept ? protector.Unprotect(Convert.FromBase64String(kept)) : null;

    private IDataProtector Pending(long userId) => protector.CreateProtector("pending", userId.ToString(CultureInfo.InvariantCulture));

    private static string Hash(string code) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(code.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit)))));
}
