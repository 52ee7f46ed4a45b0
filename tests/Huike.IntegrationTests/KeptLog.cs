using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Huike.IntegrationTests;

/// <summary>Keeps what the application logs as errors, so that a test can say why an answer was bad.</summary>
internal sealed class KeptLog : ILoggerProvider
{
    private readonly ConcurrentQueue<string> errors = new();

    public IReadOnlyCollection<string> Errors => errors;

    public ILogger CreateLogger(string categoryName) => new Category(categoryName, errors);

    public void Dispose()
    {
    }

    private sealed class Category(string name, ConcurrentQueue<string> errors) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) { errors.Enqueue($"{name}: {formatter(state, exception)}\n{exception}"); }
        }
    }
}
