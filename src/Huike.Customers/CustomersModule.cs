using Huike.Customers.Contracts;
using Huike.Customers.Ledger;
using Huike.Platform.Access;
using Huike.Platform.Jobs;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Customers;

/// <summary>客户: the customer file, the ledger of what they bought, and where they stand.</summary>
public static class CustomersModule
{
    /// <summary>Adds the module.</summary>
    public static IServiceCollection AddCustomers(this IServiceCollection services)
    {
        services.AddPermissions(CustomerPermissions.Read, CustomerPermissions.Edit, CustomerPermissions.Export, CustomerPermissions.Import);
        services.AddSingleton<IStandings, Standings>().AddSingleton<ICustomerNames, Customers.CustomerNames>();
        services.AddScoped<LoadTransactions>().AddScoped<LoadCustomers>().AddScoped<LoadFiles>().AddScoped<UndoLoad>();
        services.AddScoped<Loads>().AddScoped<ILoads>(provider => provider.GetRequiredService<Loads>());
        services.AddScoped<IJobWorker, LoadJob>();
        return services;
    }

    /// <summary>Maps the module's pages and routes.</summary>
    public static void MapCustomers(this IEndpointRouteBuilder routes)
    {
    }
}
