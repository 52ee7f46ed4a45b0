using Huike.Customers.Contracts;
using Huike.Customers.Imports;
using Huike.Customers.Ledger;
using Huike.Customers.NextSteps;
using Huike.Customers.Notes;
using Huike.Customers.Products;
using Huike.Customers.Stages;
using Huike.Platform.Access;
using Huike.Platform.Jobs;
using Huike.Ui;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Customers;

/// <summary>客户: the customer file, the ledger of what they bought, the products in it, and where they stand.</summary>
public static class CustomersModule
{
    /// <summary>Adds the module.</summary>
    public static IServiceCollection AddCustomers(this IServiceCollection services)
    {
        services.AddRecordKind(CustomerPermissions.Records).AddPermissions(CustomerPermissions.Import, ProductPermissions.Edit);
        services.AddCustomerRoles();
        services.AddSingleton<IStandings, Standings>().AddSingleton<ICustomerNames, Customers.CustomerNames>().AddSingleton<ITerritories, Territories>();
        services.AddScoped<LoadTransactions>().AddScoped<LoadCustomers>().AddScoped<LoadFiles>().AddScoped<UndoLoad>();
        services.AddScoped<Loads>().AddScoped<ILoads, RunFiles>();
        services.AddScoped<IJobWorker, LoadJob>();
        services.AddSingleton<Remembered>().AddScoped(typeof(Shown<>));
        services.AddScoped<CustomerList>().AddScoped<ExportCustomers>().AddScoped<AddCustomer>().AddScoped<EditCustomer>().AddScoped<AssignCustomer>().AddScoped<RemoveCustomer>().AddScoped<RevealField>().AddScoped<ShowFile>().AddScoped<FileSurroundings>();
        services.AddScoped<AddNote>().AddScoped<AddNextStep>().AddScoped<FinishNextStep>().AddScoped<PinStage>();
        services.AddScoped<ReceiveFiles>().AddScoped<CorrectLoad>();
        services.AddScoped<ProductList>().AddScoped<EditProduct>().AddScoped<LoadCosts>();
        services.AddSingleton(Audited.Customers).AddSingleton(Audited.Loads).AddSingleton(Audited.Mappings).AddSingleton(Audited.Products);
        services.AddSingleton(new Place("customers", "customers.list.title", "/customers", "users", CustomerPermissions.Read, 200, 'c'));
        services.AddSingleton(new Place("products", "products.list.title", ProductQuery.Path, "package", CustomerPermissions.Read, 210, 'p'));
        services.AddSingleton(new Place("imports", "load.list.title", "/imports", "upload", CustomerPermissions.Import, 800, 'i'));
        return services;
    }

    /// <summary>Maps the module's pages and routes.</summary>
    public static void MapCustomers(this IEndpointRouteBuilder routes)
    {
        routes.MapCustomerPages();
        routes.MapCustomerFile();
        routes.MapOwnership();
        routes.MapLoads();
        routes.MapProducts();
    }
}
