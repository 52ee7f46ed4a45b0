using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;

namespace Huike.Platform.Access.Passwords;

/// <summary>Refuses what guessers try first: common words and keyboard walks, runs, repetitions, years, and the user's and the product's own names, alone or strung together.
/// What is left when all of these are taken away must still be something. No rule on symbols.</summary>
internal sealed partial class PasswordStrength : IPasswordValidator<User>
{
    /// <summary>Letters and figures that must remain.</summary>
    private const int Rest = 4;

    private const int ShortestRun = 3;
    private const int Longest = 200;

    private static readonly string[] Walks = ["0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1q2w3e4r5t6y7u8i9o0p", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp"];

    private static readonly HashSet<string> Runs = [.. Walks.SelectMany(walk => (string[])[walk, new([.. walk.Reverse()])])
        .SelectMany(walk => Enumerable.Range(0, walk.Length - ShortestRun + 1).Select(start => walk.Substring(start, ShortestRun)))];

    // Longest first: "password" goes before "pass".
    private static readonly string[] Words = [.. Read().OrderByDescending(word => word.Length)];

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password)
    {
        var code = password switch
        {
            { Length: > Longest } => "access.password.long",
            _ when IsWeak(password ?? "", [user.UserName ?? "", user.DisplayName, (user.Email ?? "").Split('@')[0]]) => "access.password.common",
            _ => null,
        };
        return Task.FromResult(code is null ? IdentityResult.Success : IdentityResult.Failed(new IdentityError { Code = code, Description = code }));
    }

    /// <param name="password">As typed.</param>
    /// <param name="names">Names of the user's own.</param>
    public static bool IsWeak(string password, IEnumerable<string> names)
    {
        var plain = password.ToLowerInvariant();
        var own = names.Select(name => name.ToLowerInvariant()).Where(name => name.Length >= ShortestRun).ToList();
        return Repeated().IsMatch(plain) || ((string[])[plain, Spelled(plain), Spelled(Year().Replace(plain, " "))]).Any(read => Left(read, own) < Rest);
    }

    private static int Left(string password, List<string> own)
    {
        // Each piece leaves a mark, so that what stood on either side doesn't grow together into a new word.
        foreach (var word in own.Concat(Words)) { password = password.Replace(word, " ", StringComparison.Ordinal); }
        password = Year().Replace(password, " ");
        var inRun = new bool[password.Length];
        for (var i = 0; i + ShortestRun <= password.Length; i++)
        {
            var three = password.AsSpan(i, ShortestRun);
            if (Runs.Contains(three.ToString()) || (three[0] == three[1] && three[1] == three[2])) { inRun.AsSpan(i, ShortestRun).Fill(true); }
        }
        return password.Where((c, i) => !inRun[i] && char.IsLetterOrDigit(c)).Count();
    }

    /// <summary>With the figures and signs that people write for letters as those letters.</summary>
    private static string Spelled(string password) => string.Create(password.Length, password, (spelled, typed) =>
    {
        for (var i = 0; i < typed.Length; i++)
        {
            spelled[i] = typed[i] switch { '0' => 'o', '1' or '!' => 'i', '3' => 'e', '4' or '@' => 'a', '5' or '$' => 's', '7' => 't', var other => other };
        }
    });

    private static string[] Read()
    {
        using var reader = new StreamReader(typeof(PasswordStrength).Assembly.GetManifestResourceStream("Huike.Platform.Access.Passwords.common.txt")!);
        return reader.ReadToEnd().Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>One piece, written twice or more and nothing else.</summary>
    [GeneratedRegex("^(?<piece>.{1,8}?)\\k<piece>+$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Repeated();

    [GeneratedRegex("(19[4-9]|20[0-4])[0-9]((0[1-9]|1[0-2])([0-2][0-9]|3[01]))?", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Year();
}
