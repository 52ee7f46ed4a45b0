using System.Globalization;
using Huike.Customers.Contracts;
using Huike.Platform.Events;
using Huike.Platform.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Huike.Customers;

/// <summary>What programs outside may hear of customers and products, and where they then ask.</summary>
internal static class CustomerWebhooks
{
    public static IServiceCollection AddCustomerWebhooks(this IServiceCollection services) => services
        .OfCustomer<CustomerAdded>().OfCustomer<CustomerEdited>().OfCustomer<CustomerAssigned>().OfCustomer<CustomerRemoved>().OfCustomer<CustomerRestored>().OfCustomer<CustomersMerged>().OfCustomer<CustomersParted>().OfCustomer<CustomerNoted>().OfCustomer<CustomerFilesChanged>().OfCustomer<NextStepChanged>().OfCustomer<StagePinned>()
        .AddWebhookEvent<LedgerLoaded>(_ => null)
        .AddWebhookEvent<ProductsChanged>(_ => "/api/products");

    private static IServiceCollection OfCustomer<T>(this IServiceCollection services) where T : CustomerEvent, IEvent =>
        services.AddWebhookEvent<T>(happened => string.Create(CultureInfo.InvariantCulture, $"/api/customers/{happened.CustomerId}"));
}
