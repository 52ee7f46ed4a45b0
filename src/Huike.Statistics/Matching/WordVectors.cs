namespace Huike.Statistics.Matching;

/// <summary>The words of texts, weighted by how rare they are: tf–idf vectors of length 1.</summary>
/// <remarks>Soft tf–idf: W. Cohen, P. Ravikumar, S. Fienberg, A Comparison of String Distance Metrics for Name-Matching Tasks (2003).</remarks>
internal sealed class WordVectors
{
    /// <summary>From where on two different words count as one with a typing error.</summary>
    private const double SoftFrom = 0.9;
    private const int ShortestSoft = 4;
    private readonly string[] spelled;
    private readonly bool[] hasDigit;
    private readonly bool[] isNumber;
    private readonly int[] starts;
    private readonly int[] words;
    private readonly float[] weights;

    /// <summary>The vectors of texts.</summary>
    /// <param name="texts">Folded.</param>
    /// <param name="counts">How often each occurs.</param>
    /// <param name="withNeighbours">Whether two neighbours of which one holds a digit are a word together too, since "PS-LX350H" is written PSLX350H elsewhere.</param>
    public WordVectors(string[] texts, int[] counts, bool withNeighbours)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var (all, bounds, documents) = (new List<int>(), new int[texts.Length + 1], new List<double>());
        for (var i = 0; i < texts.Length; i++)
        {
            var own = new SortedSet<int>();
            foreach (var word in withNeighbours ? Joined(Words.Of(texts[i])) : Words.Of(texts[i]))
            {
                if (!places.TryGetValue(word, out var place))
                {
                    places[word] = place = documents.Count;
                    documents.Add(0);
                }
                if (own.Add(place)) { documents[place] += counts[i]; }
            }
            all.AddRange(own);
            bounds[i + 1] = all.Count;
        }
        (spelled, starts, words) = ([.. places.Keys], bounds, [.. all]);
        isNumber = [.. spelled.Select(word => word.All(char.IsDigit))];
        hasDigit = [.. spelled.Select(word => word.Any(char.IsDigit))];
        var total = counts.Sum(count => (double)count);
        weights = Weigh(documents, total);
    }

    /// <summary>The different words of a text, in ascending order of their places.</summary>
    public ReadOnlySpan<int> Of(int text) => words.AsSpan(starts[text], starts[text + 1] - starts[text]);

    /// <summary>The cosine of two texts' vectors, in [0, 1].</summary>
    public double Cosine(int a, int b)
    {
        var (i, j, sum) = (starts[a], starts[b], 0.0);
        while (i < starts[a + 1] && j < starts[b + 1])
        {
            switch (words[i].CompareTo(words[j]))
            {
                case < 0: i++; break;
                case > 0: j++; break;
                default: sum += weights[i++] * weights[j++]; break;
            }
        }
        return Math.Min(1, sum);
    }

    /// <summary>The same where words with a typing error count for as much as they are alike, in [0, 1]; symmetric.</summary>
    public double Soft(int a, int b) => Math.Min(1, (Directed(a, b) + Directed(b, a)) / 2);

    /// <summary>Whether two texts have a number in common; true where one of them has none.</summary>
    /// <remarks>"88" is a number, "3rd" is none.</remarks>
    public bool ShareNumber(int a, int b)
    {
        var (inA, inB) = (false, false);
        foreach (var word in Of(a))
        {
            if (!isNumber[word]) { continue; }
            if (Of(b).BinarySearch(word) >= 0) { return true; }
            inA = true;
        }
        foreach (var word in Of(b)) { inB |= isNumber[word]; }
        return !(inA && inB);
    }

    private double Directed(int a, int b)
    {
        var sum = 0.0;
        for (var i = starts[a]; i < starts[a + 1]; i++)
        {
            var (best, at) = (0.0, -1);
            for (var j = starts[b]; j < starts[b + 1]; j++)
            {
                var likeness = words[i] == words[j] ? 1 : Typed(words[i], words[j]);
                if (likeness > best) { (best, at) = (likeness, j); }
            }
            if (at >= 0) { sum += best * weights[i] * weights[at]; }
        }
        return sum;
    }

    private double Typed(int a, int b)
    {
        if (hasDigit[a] || hasDigit[b]) { return 0; }
        var (x, y) = (spelled[a], spelled[b]);
        if (Math.Min(x.Length, y.Length) < ShortestSoft) { return 0; }
        var likeness = Likeness.JaroWinkler(x, y);
        return likeness >= SoftFrom ? likeness : 0;
    }

    private float[] Weigh(List<double> documents, double total)
    {
        var made = new float[words.Length];
        for (var text = 0; text < starts.Length - 1; text++)
        {
            var square = 0.0;
            for (var i = starts[text]; i < starts[text + 1]; i++)
            {
                made[i] = (float)Math.Log(1 + (total / documents[words[i]]));
                square += made[i] * made[i];
            }
            var norm = (float)Math.Sqrt(square);
            for (var i = starts[text]; i < starts[text + 1]; i++) { made[i] /= norm; }
        }
        return made;
    }

    private static IEnumerable<string> Joined(IEnumerable<string> texts)
    {
        var before = "";
        foreach (var word in texts)
        {
            yield return word;
            if (before.Length > 0 && (word.Any(char.IsDigit) || before.Any(char.IsDigit))) { yield return before + word; }
            before = word;
        }
    }
}
