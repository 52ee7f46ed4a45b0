using System.Diagnostics;
using System.Globalization;

namespace Huike.Benchmarks;

/// <summary>Runs programs as whole processes, since that is what a user waits for.</summary>
internal static class Whole
{
    /// <summary>Runs a program to its end.</summary>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">Given to its standard input; null for none.</param>
    /// <returns>Seconds by the clock, seconds of processor of the process itself, and its largest resident memory in MB.</returns>
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    public static async Task<(double Wall, double Cpu, double PeakMegabytes)> Run(string file, IEnumerable<string> arguments, string? input = null)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        if (input is not null) { await process.StandardInput.WriteAsync(input); }
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        double peak = 0, cpu = 0;
        while (!process.HasExited)
        {
            (peak, cpu) = Measure(process, peak, cpu);
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(50));
        }
        await process.WaitForExitAsync();
        var wall = watch.Elapsed.TotalSeconds;
        await output;
        return process.ExitCode == 0 ? (wall, cpu, peak) : throw new InvalidOperationException($"{file}: {await errors}");
    }

    /// <summary>The value after an option, or the default.</summary>
    public static string Of(string[] args, string option, string otherwise) =>
        Array.IndexOf(args, option) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;

    private static (double Peak, double Cpu) Measure(Process process, double peak, double cpu)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(line => line.StartsWith("VmHWM", StringComparison.Ordinal));
            var kilobytes = line is null ? 0 : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
            return (Math.Max(peak, kilobytes / 1024), process.TotalProcessorTime.TotalSeconds);
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException or UnauthorizedAccessException)
        {
            return (peak, cpu);
        }
    }
}
