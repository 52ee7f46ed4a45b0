using Microsoft.Extensions.DependencyInjection;

namespace Huike.Platform.Files;

/// <summary>附件: files that hang on records.</summary>
public static class FilesModule
{
    /// <summary>Adds what keeps files; a module that has records with files maps them by <see cref="FileRoutes.MapFiles"/>.</summary>
    public static IServiceCollection AddFiles(this IServiceCollection services) =>
        services.AddScoped<PostedForm>().AddSingleton<ScanFile>().AddScoped<ReceiveUpload>().AddScoped<FileStore>().AddScoped<FileCard>().AddScoped<AddFile>();
}
