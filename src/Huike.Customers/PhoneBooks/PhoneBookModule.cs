using Huike.Customers.Contracts;
using Huike.Customers.PhoneCards;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Tokens;
using Huike.Platform.Audit;
using Huike.Platform.Notifications;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Customers.PhoneBooks;

/// <summary>What this part puts into the module.</summary>
internal static class PhoneBookModule
{
    private static readonly string[] Roles = ["salesperson", "sales-manager", "agent", "service-desk"];

    public static void AddPhoneBooks(this IServiceCollection services)
    {
        services.AddPermissions(CustomerPermissions.Cards);
        foreach (var role in Roles) { services.AddToRole(role, (CustomerPermissions.Cards, RecordScope.All)); }
        services.AddSingleton(new TokenDoor(DavEndpoints.Path, CustomerPermissions.Cards, [CustomerPermissions.Read, CustomerPermissions.Create, CustomerPermissions.Edit, CustomerPermissions.Delete]));
        services.AddScoped<TakePoints>().AddScoped<TakeCard>().AddScoped<ImportCards>();
        services.AddSingleton(new CustomerPanel(typeof(CardPanel), 320, Wide: false));
        services.AddSingleton<PhoneBook>().AddScoped<DavTree>().AddScoped<ReadBook>().AddScoped<WriteBook>().AddScoped<PhoneBookEndpoints.Answer>();
        services.AddSingleton(new AccountLink(PhoneBookEndpoints.Path, "cards.book.title", "phone", CustomerPermissions.Cards));
        services.AddNoticeKind(WriteBook.NoticeKind, mail: MailWay.Digest);
    }
}
