using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Settings;

/// <summary>A record of settings, for the page that lists them all. Its name, its fields' names and its page are those of the audited kind of the same name.</summary>
/// <param name="Record">The record; made without arguments it has the defaults.</param>
/// <param name="Permission">Who may change it; others see no link.</param>
/// <param name="Write">A field's value as its own page writes it, or its text key, by the record and the field's name in camelCase; null from it: as it is kept.</param>
public sealed record SettingsSubject(Type Record, string Permission, Func<object, string, string?>? Write = null);

/// <summary>Offers records of settings.</summary>
public static class SettingsRegistration
{
    /// <summary>Lists the record on the page of all settings.</summary>
    /// <param name="services">The program's.</param>
    /// <param name="permission">Who may change it.</param>
    /// <param name="write">A field's value as its own page writes it, or its text key; null from it: as it is kept.</param>
    public static IServiceCollection AddSettings<T>(this IServiceCollection services, string permission, Func<T, string, string?>? write = null) where T : class, new() =>
        services.AddSingleton(new SettingsSubject(typeof(T), permission, write is null ? null : (record, field) => write((T)record, field)));
}
