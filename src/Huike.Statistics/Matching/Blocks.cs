namespace Huike.Statistics.Matching;

/// <summary>Which records are worth comparing: those that share a value, a rare word, or two values that are common each by itself. Never all with all.</summary>
/// <remarks>Blocking with a limit on the size of a block: P. Christen, Data Matching (2012), ch. 4. Memory grows with records × words, not with pairs.</remarks>
internal sealed class Blocks
{
    private readonly int split;
    private readonly int[] ofRecord;
    private readonly int[] blocks;
    private readonly int[] starts;
    private readonly int[] members;

    /// <summary>Looks for blocks.</summary>
    /// <param name="columns">At least one.</param>
    /// <param name="records">How many records there are.</param>
    /// <param name="split">Where the second of two sets begins, of which only pairs across count; 0 for one set.</param>
    /// <param name="mostInBlock">Larger blocks are left out.</param>
    /// <param name="mostPairs">So many pairs at most: the largest blocks go first.</param>
    public Blocks(IReadOnlyList<Column> columns, int records, int split, int mostInBlock, double mostPairs)
    {
        this.split = split;
        var (terms, owners) = Terms(columns, records, mostInBlock);
        Array.Sort(terms, owners);
        var found = Found(terms, mostInBlock, mostPairs);
        starts = new int[found.Count + 1];
        for (var i = 0; i < found.Count; i++) { starts[i + 1] = starts[i] + found[i].Count; }
        members = new int[starts[^1]];
        ofRecord = new int[records + 1];
        for (var i = 0; i < found.Count; i++)
        {
            Array.Copy(owners, found[i].Start, members, starts[i], found[i].Count);
            Array.Sort(members, starts[i], found[i].Count);
            foreach (var record in Members(i)) { ofRecord[record + 1]++; }
        }
        for (var i = 0; i < records; i++) { ofRecord[i + 1] += ofRecord[i]; }
        blocks = new int[members.Length];
        var next = ofRecord.AsSpan(0, records).ToArray();
        for (var i = 0; i < found.Count; i++)
        {
            foreach (var record in Members(i)) { blocks[next[record]++] = i; }
        }
    }

    /// <summary>Pairs in all blocks, those in several counted as often; an upper bound of what <see cref="With"/> gives in all.</summary>
    public double Pairs => Enumerable.Range(0, starts.Length - 1).Sum(block => (starts[block + 1] - starts[block]) * (starts[block + 1] - starts[block] - 1.0) / 2);

    /// <summary>Records behind this one that share a block with it, each once.</summary>
    /// <param name="record">The first of the pairs.</param>
    /// <param name="seen">As long as there are records, with -1 at first; one per thread.</param>
    /// <param name="found">Emptied and filled.</param>
    public void With(int record, int[] seen, List<int> found)
    {
        found.Clear();
        foreach (var block in blocks.AsSpan(ofRecord[record], ofRecord[record + 1] - ofRecord[record]))
        {
            foreach (var other in Members(block))
            {
                if (other <= record || seen[other] == record || (split > 0 && record < split == other < split)) { continue; }
                seen[other] = record;
                found.Add(other);
            }
        }
    }

    private ReadOnlySpan<int> Members(int block) => members.AsSpan(starts[block], starts[block + 1] - starts[block]);

    private static List<(int Start, int Count)> Found(ulong[] terms, int mostInBlock, double mostPairs)
    {
        var sizes = new double[mostInBlock + 1];
        var found = new List<(int Start, int Count)>();
        for (var (start, i) = (0, 1); i <= terms.Length; i++)
        {
            if (i < terms.Length && terms[i] == terms[start]) { continue; }
            if (i - start is > 1 and var count && count <= mostInBlock)
            {
                found.Add((start, count));
                sizes[count] += count * (count - 1.0) / 2;
            }
            start = i;
        }
        var (largest, pairs) = (2, sizes.Length > 2 ? sizes[2] : 0);
        while (largest < mostInBlock && pairs + sizes[largest + 1] <= mostPairs) { pairs += sizes[++largest]; }
        found.RemoveAll(block => block.Count > largest);
        return found;
    }

    private static (ulong[] Terms, int[] Owners) Terms(IReadOnlyList<Column> columns, int records, int mostInBlock)
    {
        var (terms, owners) = (new List<ulong>(records * 4), new List<int>(records * 4));
        var common = new List<ulong>();
        for (var record = 0; record < records; record++)
        {
            common.Clear();
            for (var c = 0; c < columns.Count; c++)
            {
                var (column, value) = (columns[c], columns[c].Value(record));
                if (value < 0 || column.Kind == FieldKind.Number) { continue; }
                var term = Mixed((ulong)(c + 1), (ulong)value);
                if (column.Count(value) > mostInBlock || column.Kind == FieldKind.Category) { common.Add(term); }
                else if (column.Count(value) > 1) { Add(term, record); }
                if (column.Halves(value) is var (front, back))
                {
                    Add(Mixed((ulong)(c + 1) << 33, Hash(front)), record);
                    Add(Mixed((ulong)(c + 1) << 34, Hash(back)), record);
                }
                foreach (var word in column.WordsOf(value)) { Add(Mixed((ulong)(c + 1) << 32, (ulong)word), record); }
            }
            for (var i = 0; i < common.Count; i++)
            {
                for (var j = i + 1; j < common.Count; j++) { Add(Mixed(common[i], common[j]), record); }
            }
        }
        return ([.. terms], [.. owners]);

        void Add(ulong term, int record)
        {
            terms.Add(term);
            owners.Add(record);
        }
    }

    /// <summary>FNV-1a.</summary>
    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037;
        foreach (var letter in text) { hash = (hash ^ letter) * 1099511628211; }
        return hash;
    }

    /// <summary>Two numbers as one that hardly two other pairs share: the finaliser of splitmix64.</summary>
    private static ulong Mixed(ulong a, ulong b)
    {
        var mixed = (a * 0x9E3779B97F4A7C15) + b;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
