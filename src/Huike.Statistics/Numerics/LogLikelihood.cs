namespace Huike.Statistics.Numerics;

/// <summary>A log-likelihood at the logarithms of its parameters; fills the gradient with respect to those logarithms.</summary>
internal delegate double LogLikelihood(ReadOnlySpan<double> logParameters, Span<double> gradient);

/// <summary>The share of a log-likelihood that observations [from, to) have; adds their gradient (natural parameters).</summary>
internal delegate double LikelihoodPart(int from, int to, Span<double> gradient);

/// <summary>Sums a likelihood over all cores in chunks of fixed size and order, so that the sum is the same on any machine.</summary>
internal static class ChunkedSum
{
    private const int Chunk = 2048;

    internal static double Of(int observations, Span<double> gradient, LikelihoodPart part)
    {
        gradient.Clear();
        var chunks = (observations + Chunk - 1) / Chunk;
        if (chunks <= 1)
        {
            return part(0, observations, gradient);
        }

        var parameters = gradient.Length;
        var sums = new double[chunks * (parameters + 1)];
        Parallel.For(0, chunks, chunk =>
        {
            var mine = sums.AsSpan(chunk * (parameters + 1), parameters + 1);
            mine[parameters] = part(chunk * Chunk, Math.Min(observations, (chunk + 1) * Chunk), mine[..parameters]);
        });
        var total = 0.0;
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            var mine = sums.AsSpan(chunk * (parameters + 1), parameters + 1);
            total += mine[parameters];
            for (var i = 0; i < parameters; i++)
            {
                gradient[i] += mine[i];
            }
        }

        return total;
    }
}
