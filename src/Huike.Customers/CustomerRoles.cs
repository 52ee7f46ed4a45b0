using Huike.Customers.Contracts;
using Huike.Platform.Access;
using Huike.Platform.Access.Records;
using Huike.Platform.Access.Roles;
using Huike.Platform.Retention;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Customers;

/// <summary>What this module gives the roles of H0.</summary>
internal static class CustomerRoles
{
    private static readonly string[] Inside = ["salesperson", "sales-manager", "agent", "service-desk", "dispatcher", "engineer", "marketer", "executive"];

    public static void AddCustomerRoles(this IServiceCollection services)
    {
        Give(services, "salesperson", read: RecordScope.Own, edit: RecordScope.Own, create: true, fields: new(3, 3));
        Give(services, "sales-manager", read: RecordScope.Below, edit: RecordScope.Below, create: true, fields: new(3, 4), (CustomerPermissions.Assign, RecordScope.Below), (CustomerPermissions.Export, RecordScope.Below), (ProductPermissions.Edit, RecordScope.All), (CustomerPermissions.Merge, RecordScope.All), (DuplicatePermissions.Review, RecordScope.All), (CustomerPermissions.ShareViews, RecordScope.All));
        Give(services, "agent", read: RecordScope.All, edit: RecordScope.All, create: true, fields: new(2, 3));
        Give(services, "service-desk", read: RecordScope.All, edit: RecordScope.All, create: true, fields: new(3, 3), (PrivacyPermissions.Requests, RecordScope.All), (CustomerPermissions.Merge, RecordScope.All), (DuplicatePermissions.Review, RecordScope.All));
        Give(services, "dispatcher", read: RecordScope.All, edit: RecordScope.None, create: false, fields: new(3, 3));
        Give(services, "engineer", read: RecordScope.Team, edit: RecordScope.None, create: false, fields: new(2, 3));
        Give(services, "marketer", read: RecordScope.All, edit: RecordScope.None, create: false, fields: new(2, 2), (CustomerPermissions.Export, RecordScope.All), (CustomerPermissions.Import, RecordScope.All));
        foreach (var role in Inside) { services.AddToRole(role, (ProductPermissions.Read, RecordScope.All)); }
        // A partner is another firm: of its customers it sees what it needs to serve them, a phone only with a reason.
        Give(services, "partner", read: RecordScope.Below, edit: RecordScope.Below, create: true, fields: new(1, 3));
        Give(services, "team-leader", read: RecordScope.Team, edit: RecordScope.None, create: false, fields: new(2, 2));
        Give(services, "executive", read: RecordScope.All, edit: RecordScope.None, create: false, fields: new(2, 3));
    }

    private static void Give(IServiceCollection services, string role, RecordScope read, RecordScope edit, bool create, FieldAccess fields, params (string, RecordScope)[] more) => services
        .AddToRole(role, [(CustomerPermissions.Read, read), (CustomerPermissions.Edit, edit), (CustomerPermissions.Create, create ? RecordScope.All : RecordScope.None), .. more])
        .AddToRole(role, CustomerPermissions.Records, fields);
}
