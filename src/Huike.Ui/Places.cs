using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Huike.Ui;

/// <summary>A place in the navigation, offered by a module as a singleton.</summary>
/// <param name="Key">Stable name, for example <c>customers</c>.</param>
/// <param name="TextKey">Key of its name in the texts.</param>
/// <param name="Href">Address from the root: the place is current on every address that begins with it.</param>
/// <param name="Icon">A name from <c>assets/icons.txt</c>.</param>
/// <param name="Policy">Authorisation policy; the place is hidden where it is refused.</param>
/// <param name="Order">Ascending; hundreds make groups (100–199 the first, 900 and up stands at the foot).</param>
/// <param name="Shortcut">The key after <c>g</c> that leads here, a lower-case letter that no other place has; null: none, for what is seldom gone to.</param>
public sealed record Place(string Key, string TextKey, string Href, string Icon, string Policy, int Order, char? Shortcut = null);

/// <summary>The places that a visitor may go to.</summary>
internal sealed class Places(IEnumerable<Place> places, IAuthorizationService authorization)
{
    /// <returns>Permitted places in order.</returns>
    internal async Task<IReadOnlyList<Place>> For(HttpContext http)
    {
        var permitted = new List<Place>();
        foreach (var place in places.OrderBy(place => place.Order))
        {
            if ((await authorization.AuthorizeAsync(http.User, null, place.Policy)).Succeeded)
            {
                permitted.Add(place);
            }
        }
        return permitted;
    }

    internal static bool IsCurrent(Place place, PathString path) =>
        place.Href is "/" ? path.Value is "/" : path.StartsWithSegments(place.Href, StringComparison.Ordinal);
}
