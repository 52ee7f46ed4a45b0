namespace Huike.Statistics.Matching;

/// <summary>Two records that may be the same.</summary>
/// <param name="A">The place of the first.</param>
/// <param name="B">The place of the second, behind it.</param>
/// <param name="Weight">What all fields say together with what is to be expected before, in bits.</param>
public readonly record struct LikelyPair(int A, int B, double Weight)
{
    /// <summary>How likely the two are the same; in [0, 1].</summary>
    public double Probability => LinkModel.Probability(Weight);
}

/// <summary>Finds records that may be the same among many, without ever comparing all with all and without being told of any pair whether it is.</summary>
public sealed class Matcher
{
    private const int RandomPairs = 400_000;
    private const double RivalFrom = -25;
    private const double LearnedFrom = 3_000_000;
    private readonly Column[] columns;
    private readonly Blocks blocks;
    private readonly int records;
    private readonly int split;

    /// <summary>Makes records ready to be compared: O(records × words), in memory too.</summary>
    /// <param name="fields">What is known of the records; one or more, all of one length.</param>
    /// <param name="split">Where the second of two sets begins, neither of which holds doubles: only pairs across count. 0 where doubles within one set are looked for.</param>
    /// <param name="mostInBlock">A value or word that more records share is none to look by alone; 2 or more.</param>
    /// <param name="pairsPerRecord">About how many pairs per record are compared at most: the commonest values go first.</param>
    /// <exception cref="ArgumentException">No field, or values of different numbers.</exception>
    public Matcher(IReadOnlyList<MatchField> fields, int split = 0, int mostInBlock = 200, double pairsPerRecord = 200)
    {
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostInBlock, 2);
        if (fields.Count == 0 || fields.Any(field => field.Values.Count != fields[0].Values.Count)) { throw new ArgumentException("Fields of one length are needed.", nameof(fields)); }
        records = fields[0].Values.Count;
        this.split = split;
        fields = OneText(fields);
        columns = [.. fields.Select(field => new Column(field))];
        blocks = new(columns, records, split, mostInBlock, Math.Max(1_000_000, pairsPerRecord * records));
        if (split > 0) { FindRivals(); }
        Fields = [.. fields.Select(field => field.Name)];
    }

    /// <summary>Names of the fields, in order.</summary>
    public IReadOnlyList<string> Fields { get; }

    /// <summary>Whether a rare value says more than a common one; false where the records are too few to tell which is which.</summary>
    public bool CountsRarity { get; init; } = true;

    /// <summary>All pairs there are.</summary>
    public double AllPairs => split > 0 ? (double)split * (records - split) : records * (records - 1.0) / 2;

    /// <summary>How many pairs <see cref="Pairs"/> compared.</summary>
    public long Compared { get; private set; }

    /// <summary>Learns the weights from the records themselves; about three million pairs are looked at.</summary>
    /// <param name="token">Ends it early.</param>
    /// <returns>Null where nothing is worth comparing.</returns>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public LinkModel? Learn(CancellationToken token = default)
    {
        var every = Math.Max(1, (int)Math.Ceiling(blocks.Pairs / LearnedFrom));
        var patterns = new Dictionary<long, int>();
        var (counts, pairs) = (new List<double>(), new List<(int A, int B, int Pattern)>());
        var (seen, found) = (Unseen(), new List<int>());
        for (var a = 0; a < records; a += every)
        {
            token.ThrowIfCancellationRequested();
            blocks.With(a, seen, found);
            foreach (var b in found)
            {
                var pattern = Pattern(a, b);
                if (patterns.TryAdd(pattern, counts.Count)) { counts.Add(0); }
                counts[patterns[pattern]] += every;
                if (split > 0) { pairs.Add((a, b, patterns[pattern])); }
            }
        }
        return patterns.Count == 0 ? null : LinkFit.Run(new([.. patterns.Keys.Select(Levels)], counts, Population(), AllPairs, [.. columns.Select(column => column.Unlike)]), null, split > 0 ? Math.Min(split, records - split) * 0.95 : null, split > 0 ? (model, odds) => Rivals(model, odds, pairs) : null);
    }

    /// <summary>Across two sets without doubles a record is the same as one other at most: what speaks for its other pairs speaks against this one.</summary>
    private double[] Rivals(LinkModel model, double[] odds, List<(int A, int B, int Pattern)> pairs)
    {
        var sums = new double[records];
        foreach (var (a, b, pattern) in pairs) { (sums[a], sums[b]) = (sums[a] + odds[pattern], sums[b] + odds[pattern]); }
        var shares = new double[odds.Length];
        foreach (var (a, b, pattern) in pairs) { shares[pattern] += Against(model, odds[pattern], sums[a], sums[b]); }
        return shares;
    }

    private double Against(LinkModel model, double odds, double ofA, double ofB) =>
        Math.Min(odds / (Math.Max(0.02, 1 - (model.Prior * AllPairs / split)) + ofA), odds / (Math.Max(0.02, 1 - (model.Prior * AllPairs / (records - split))) + ofB));

    /// <summary>Pairs across two sets, each weighed against the others of its two records.</summary>
    private List<LikelyPair> Rivals(LinkModel model, List<LikelyPair> pairs)
    {
        var sums = new double[records];
        foreach (var pair in pairs) { (sums[pair.A], sums[pair.B]) = (sums[pair.A] + Math.Pow(2, pair.Weight), sums[pair.B] + Math.Pow(2, pair.Weight)); }
        return [.. pairs.Select(pair => (pair, share: Math.Min(1 - 1e-12, Against(model, Math.Pow(2, pair.Weight), sums[pair.A], sums[pair.B])))).Select(one => one.pair with { Weight = Math.Log2(one.share / (1 - one.share)) })];
    }

    /// <summary>All pairs that are worth comparing and weigh enough, in no order.</summary>
    /// <param name="model">The weights.</param>
    /// <param name="least">The least weight, in bits; 0 is a probability of one half.</param>
    /// <param name="progress">Told how many records are done.</param>
    /// <param name="token">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public IReadOnlyList<LikelyPair> Pairs(LinkModel model, double least = 0, Action<int>? progress = null, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        var weights = columns.Select((column, field) => Enumerable.Range(0, column.Levels).Select(level => model.Weight(field, level)).ToArray()).ToArray();
        var (pairs, done, compared) = (new List<LikelyPair>(), 0, 0L);
        const int batch = 4096;
        Parallel.For(0, (records + batch - 1) / batch, new ParallelOptions { CancellationToken = token }, () => (Seen: Unseen(), Found: new List<int>(), Pairs: new List<LikelyPair>(), Compared: 0L), (at, _, own) =>
        {
            for (var a = at * batch; a < Math.Min(records, (at + 1) * batch); a++)
            {
                blocks.With(a, own.Seen, own.Found);
                own.Compared += own.Found.Count;
                foreach (var b in own.Found)
                {
                    var weight = model.PriorWeight + Sum(weights, a, b);
                    if (weight >= (split > 0 ? RivalFrom : least)) { own.Pairs.Add(new(a, b, weight)); }
                }
            }
            progress?.Invoke(Interlocked.Add(ref done, batch));
            return own;
        }, own =>
        {
            lock (pairs)
            {
                pairs.AddRange(own.Pairs);
                compared += own.Compared;
            }
        });
        Compared = compared;
        return split > 0 ? Rivals(model, pairs).FindAll(pair => pair.Weight >= least) : pairs;
    }

    /// <summary>What each field says of a pair: its level, how much that weighs in bits with the rarity of the value, and whether the values are the same.</summary>
    /// <param name="model">The weights.</param>
    /// <param name="a">The place of one record.</param>
    /// <param name="b">That of the other.</param>
    public IReadOnlyList<FieldSays> Reasons(LinkModel model, int a, int b)
    {
        ArgumentNullException.ThrowIfNull(model);
        return [.. columns.Select((column, field) => (column, field, level: column.Level(a, b))).Select(one => new FieldSays(one.column.Name, one.level < 0 ? null : one.level / (one.column.Levels - 1.0),
            model.Weight(one.field, one.level) + (CountsRarity && one.level == one.column.Levels - 1 ? one.column.Rarity(a) : 0)))];
    }

    /// <summary>Of pairs across two sets at most one of each record: the heaviest first.</summary>
    /// <param name="pairs">What was found.</param>
    public static IReadOnlyList<LikelyPair> OneToOne(IEnumerable<LikelyPair> pairs)
    {
        var taken = new HashSet<int>();
        return [.. pairs.OrderByDescending(pair => pair.Weight).ThenBy(pair => pair.A).ThenBy(pair => pair.B).Where(pair => !taken.Contains(pair.A) && !taken.Contains(pair.B) && taken.Add(pair.A) && taken.Add(pair.B))];
    }

    /// <summary>Descriptions repeat each other, so that several would be believed several times: they are one.</summary>
    private static IReadOnlyList<MatchField> OneText(IReadOnlyList<MatchField> fields)
    {
        var texts = fields.Where(field => field.Kind == FieldKind.Text).ToList();
        if (texts.Count < 2) { return fields; }
        var whole = new MatchField(texts[0].Name, FieldKind.Text, [.. Enumerable.Range(0, texts[0].Values.Count).Select(i => string.Join(' ', texts.Select(text => text.Values[i])))]);
        return [whole, .. fields.Where(field => field.Kind != FieldKind.Text)];
    }

    private double Sum(double[][] weights, int a, int b)
    {
        var sum = 0.0;
        for (var field = 0; field < columns.Length; field++)
        {
            var level = columns[field].Level(a, b);
            if (level < 0) { continue; }
            sum += weights[field][level];
            if (CountsRarity && level == weights[field].Length - 1) { sum += columns[field].Rarity(a); }
        }
        return sum;
    }

    private void FindRivals()
    {
        var (seen, found) = (Unseen(), new List<int>());
        for (var a = 0; a < split; a++)
        {
            blocks.With(a, seen, found);
            foreach (var b in found)
            {
                foreach (var column in columns) { column.Rival(a, b); }
            }
        }
    }

    private int[] Unseen()
    {
        var seen = new int[records];
        Array.Fill(seen, -1);
        return seen;
    }

    private long Pattern(int a, int b)
    {
        var pattern = 0L;
        foreach (var column in columns) { pattern = (pattern * (column.Levels + 1)) + column.Level(a, b) + 1; }
        return pattern;
    }

    private int[] Levels(long pattern)
    {
        var levels = new int[columns.Length];
        for (var field = columns.Length - 1; field >= 0; field--)
        {
            levels[field] = (int)(pattern % (columns[field].Levels + 1)) - 1;
            pattern /= columns[field].Levels + 1;
        }
        return levels;
    }

    /// <summary>How often each level occurs among all pairs: of random ones, and for "the same" counted.</summary>
    private double[][] Population()
    {
        var random = new Random(20_26);
        var levels = columns.Select(column => new double[column.Levels]).ToArray();
        for (var i = 0; i < RandomPairs; i++)
        {
            var a = random.Next(split > 0 ? split : records);
            var b = split > 0 ? random.Next(split, records) : random.Next(records);
            if (a == b) { continue; }
            for (var field = 0; field < columns.Length; field++)
            {
                if (columns[field].Level(a, b) is >= 0 and var level) { levels[field][level] += AllPairs / RandomPairs; }
            }
        }
        if (split > 0) { return levels; }
        for (var field = 0; field < columns.Length; field++) { levels[field][^1] = columns[field].EqualPairs; }
        return levels;
    }
}
