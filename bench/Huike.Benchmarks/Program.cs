using Huike.Benchmarks;

// Each benchmark prints its table; redirect it into bench/results to keep it. See bench/README.md.
switch (args)
{
    case ["import", .. var rest]:
        await ImportSpeed.Run(rest);
        return 0;
    case ["customers", .. var rest]:
        await ListLoadSpeed.Run(rest);
        return 0;
    case ["recompute", .. var rest]:
        await Recompute.Run(rest);
        return 0;
    case ["list", .. var rest]:
        await ListSpeed.Run(rest);
        return 0;
    case ["views", .. var rest]:
        await ViewSpeed.Run(rest);
        return 0;
    case ["file", .. var rest]:
        await FileSpeed.Run(rest);
        return 0;
    case ["bulk", .. var rest]:
        await BulkSpeed.Run(rest);
        return 0;
    case ["find", .. var rest]:
        await FindSpeed.Run(rest);
        return 0;
    case ["timeline", .. var rest]:
        await TimelineSpeed.Run(rest);
        return 0;
    case ["duplicates", "gold", .. var rest]:
        Duplicates.Gold(rest);
        return 0;
    case ["duplicates", "stock", .. var rest]:
        await Duplicates.Stock(rest);
        return 0;
    case ["audit", .. var rest]:
        await AuditCost.Run(rest);
        return 0;
    case ["events", .. var rest]:
        await EventSpeed.Run(rest);
        return 0;
    case ["pool", .. var rest]:
        await PoolSpeed.Run(rest);
        return 0;
    case ["live", .. var rest]:
        await LiveStreams.Run(rest);
        return 0;
    case ["live-node", var connection, var work, var streams]:
        await LiveStreams.Serve(connection, work, int.Parse(streams, System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    default:
        Console.Error.WriteLine("import | customers | recompute | list | views | file | bulk | find | timeline | duplicates gold | duplicates stock | audit | events | pool | live; see bench/README.md");
        return 2;
}
