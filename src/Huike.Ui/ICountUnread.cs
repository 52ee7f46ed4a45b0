using Microsoft.AspNetCore.Http;

namespace Huike.Ui;

/// <summary>Says what stands at the bell of the shell; where nobody offers it, there is no bell.</summary>
public interface ICountUnread
{
    /// <summary>How many notices the request's user has not read; at most <see cref="Kit.Bell.Most"/>. It is asked for each whole page, and never fails.</summary>
    Task<int> Of(HttpContext http);
}
