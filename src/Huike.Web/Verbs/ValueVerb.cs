using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Huike.Platform.Imports;
using Huike.Statistics.Value;
using Huike.Ui;

namespace Huike.Web.Verbs;

/// <summary><c>value file</c>: fits a model of lifetime value (H3) to a ledger file, without a database.</summary>
internal static class ValueVerb
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create()
    {
        var texts = CommandLine.Texts;
        var file = new Argument<string>("file") { Description = texts["valueVerb.file"] };
        var columns = new Option<string?>("--columns") { Description = texts["valueVerb.columns"] };
        var until = new Option<string?>("--until") { Description = texts["valueVerb.until"] };
        var unit = new Option<string>("--unit") { Description = texts["valueVerb.unit"], DefaultValueFactory = _ => "day" };
        var model = new Option<string>("--model") { Description = texts["valueVerb.model"], DefaultValueFactory = _ => "bgnbd" };
        var horizon = new Option<double?>("--horizon") { Description = texts["valueVerb.horizon"] };
        var json = new Option<bool>("--json") { Description = texts["valueVerb.json"] };
        unit.AcceptOnlyFromAmong("day", "week");
        model.AcceptOnlyFromAmong("bgnbd", "paretonbd", "gammagamma");
        var verb = new Command("value", texts["valueVerb.about"]) { file, columns, until, unit, model, horizon, json };
        verb.SetAction(parsed => Run(
            new Request(
                parsed.GetRequiredValue(file), parsed.GetValue(columns), parsed.GetValue(until), parsed.GetRequiredValue(unit) == "week" ? 7 : 1,
                parsed.GetRequiredValue(model), parsed.GetValue(horizon)),
            parsed.GetValue(json), texts, Console.Out, Console.Error));
        return verb;
    }

    /// <returns>0: fitted or said why not; 2: the input can't be used.</returns>
    internal static int Run(Request request, bool asJson, Texts texts, TextWriter output, TextWriter errors)
    {
        try
        {
            var outcome = Fit(request);
            output.WriteLine(asJson ? JsonSerializer.Serialize(outcome.AsJson(request.Horizon is not null), Json) : Readable(outcome, texts));
            return 0;
        }
        catch (ImportException unusable)
        {
            errors.WriteLine($"{request.File}: {texts[unusable.Code, [.. unusable.Args]]}");
        }
        catch (LedgerException unusable)
        {
            errors.WriteLine($"{request.File}: {texts[unusable.Code, unusable.Args]}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine(texts["valueVerb.file.unreadable", request.File]);
        }

        return 2;
    }

    private static Outcome Fit(Request request)
    {
        if (request.Horizon is { } ahead && !(ahead >= 0 && double.IsFinite(ahead)))
        {
            throw new LedgerException("valueVerb.horizon.range");
        }

        DateOnly? until = request.Until is null ? null
            : Cell.TryDateTime(request.Until, DateOrder.Unknown, out var time) ? DateOnly.FromDateTime(time.Local)
            : throw new LedgerException("valueVerb.until.unreadable", request.Until);
        var spends = request.Model == "gammagamma";
        var ledger = PurchaseLedger.Read(request.File, request.Columns, until, spends);
        if (spends)
        {
            var spend = ledger.Spend();
            var fit = GammaGamma.Fit(spend);
            return Outcome.Of(request.Model, spend.Length, GammaGamma.ParameterNames, fit.Model?.Parameters, fit, null);
        }

        var groups = ledger.Histories(request.DaysPerUnit);
        double? Expected(IPurchaseModel? model) => model is null || request.Horizon is not { } horizon ? null
            : LifetimeValue.ExpectedPurchasesOfAll(model, groups, horizon);
        if (request.Model == "paretonbd")
        {
            var fit = ParetoNbd.Fit(groups);
            return Outcome.Of(request.Model, groups.Customers, ["r", "alpha", "s", "beta"], fit.Model?.Parameters, fit, Expected(fit.Model));
        }

        var easy = BgNbd.Fit(groups);
        return Outcome.Of(request.Model, groups.Customers, ["r", "alpha", "a", "b"], easy.Model?.Parameters, easy, Expected(easy.Model));
    }

    private static string Readable(Outcome outcome, Texts texts)
    {
        static string Number(double? value) => value?.ToString("G6", CultureInfo.InvariantCulture) ?? "—";
        List<string> lines =
        [
            $"{texts["valueVerb.row.model"]}: {texts[$"valueVerb.model.{outcome.Model}"]}",
            $"{texts["valueVerb.row.customers"]}: {outcome.Customers.ToString(CultureInfo.InvariantCulture)}",
            .. outcome.Parameters.Select(one => $"  {one.Name,-6} {Number(one.Value),12}  ± {Number(one.Error)}"),
            $"{texts["valueVerb.row.logLikelihood"]}: {Number(outcome.LogLikelihood)}",
            outcome.Reason is null ? texts["valueVerb.row.converged"] : texts[$"valueVerb.reason.{outcome.Reason}"],
        ];
        if (outcome.Expected is not null)
        {
            lines.Add($"{texts["valueVerb.row.expected"]}: {Number(outcome.Expected)}");
        }

        return string.Join(Environment.NewLine, lines);
    }

    /// <param name="File">The ledger.</param>
    /// <param name="Columns">Mapping; null finds it.</param>
    /// <param name="Until">Last day that counts, as typed; null is the file's last.</param>
    /// <param name="DaysPerUnit">1 or 7.</param>
    /// <param name="Model">bgnbd, paretonbd or gammagamma.</param>
    /// <param name="Horizon">Time units ahead; null asks for no forecast.</param>
    internal sealed record Request(string File, string? Columns, string? Until, double DaysPerUnit, string Model, double? Horizon);

    private sealed record Outcome(
        string Model, int Customers, IReadOnlyList<(string Name, double? Value, double? Error)> Parameters, double? LogLikelihood, string? Reason, double? Expected)
    {
        internal static Outcome Of<TModel>(
            string model, int customers, IReadOnlyList<string> names, IReadOnlyList<double>? values, ModelFit<TModel> fit, double? expected)
            where TModel : class =>
            new(
                model,
                customers,
                [.. names.Select((name, i) => (name, values?[i], Finite(fit.StandardErrors[i])))],
                Finite(fit.LogLikelihood),
                fit.Converged ? null : JsonNamingPolicy.CamelCase.ConvertName(fit.Reason.ToString()),
                expected);

        internal Dictionary<string, object?> AsJson(bool withForecast)
        {
            var json = new Dictionary<string, object?>
            {
                ["model"] = Model,
                ["customers"] = Customers,
                ["parameters"] = Parameters.ToDictionary(one => one.Name, one => one.Value),
                ["standardErrors"] = Parameters.ToDictionary(one => one.Name, one => one.Error),
                ["logLikelihood"] = LogLikelihood,
                ["converged"] = Reason is null,
                ["reason"] = Reason,
            };
            if (withForecast)
            {
                json["expectedPurchases"] = Expected;
            }

            return json;
        }

        // JSON knows no NaN.
        private static double? Finite(double value) => double.IsFinite(value) ? value : null;
    }
}
