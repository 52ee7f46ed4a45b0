using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Huike.IntegrationTests;

/// <summary>Keeps what the application logs as errors, so that a test can say why an answer was bad.</summary>
/// <param name="least">Keeps more than errors.</param>
internal sealed class KeptLog(LogLevel least = LogLevel.Error) : ILoggerProvider
{
    private readonly ConcurrentQueue<string> errors = new();

    public IReadOnlyCollection<string> Errors => errors;

    public ILogger CreateLogger(string categoryName) => new Category(categoryName, least, errors);

    public void Dispose()
    {
    }

    private sealed class Category(string name, LogLevel least, ConcurrentQueue<string> errors) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) { errors.Enqueue($"{name}: {formatter(state, exception)}\n{exception}"); }
        }
    }
}
