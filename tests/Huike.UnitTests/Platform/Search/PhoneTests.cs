using FsCheck;
using FsCheck.Fluent;
using Huike.Platform.Search;
using Xunit;

namespace Huike.UnitTests.Platform.Search;

public class PhoneTests
{
    [Theory]
    [InlineData("13800138000", "+8613800138000", PhoneKind.Mobile)]
    [InlineData("138-0013-8000", "+8613800138000", PhoneKind.Mobile)]
    [InlineData("+86 138 0013 8000", "+8613800138000", PhoneKind.Mobile)]
    [InlineData("008613800138000", "+8613800138000", PhoneKind.Mobile)]
    [InlineData("8613800138000", "+8613800138000", PhoneKind.Mobile)]
    [InlineData("（＋８６）１３８００１３８０００", "+8613800138000", PhoneKind.Mobile)]
    [InlineData("1.3800138000E+10", "+8613800138000", PhoneKind.Mobile)]
    [InlineData("13800138000.0", "+8613800138000", PhoneKind.Mobile)]
    [InlineData("010-87654321", "+861087654321", PhoneKind.Landline)]
    [InlineData("(0755) 8765 4321", "+8675587654321", PhoneKind.Landline)]
    [InlineData("+8675587654321", "+8675587654321", PhoneKind.Landline)]
    [InlineData("0371 6555555", "+863716555555", PhoneKind.Landline)]
    [InlineData("571-87654321", "+8657187654321", PhoneKind.Landline)]
    [InlineData("10 8765 4321", "+861087654321", PhoneKind.Landline)]
    [InlineData("0086-571-8765 4321", "+8657187654321", PhoneKind.Landline)]
    [InlineData("+86 (0)571 8765 4321", "+8657187654321", PhoneKind.Landline)]
    [InlineData("\u202D138\u200B0013•8000\u202C", "+8613800138000", PhoneKind.Mobile)]
    [InlineData("138.0013_8000", "+8613800138000", PhoneKind.Mobile)]
    [InlineData("16500138000", "+8616500138000", PhoneKind.Mobile)]
    [InlineData("800 820 8820", "+868008208820", PhoneKind.Hotline)]
    [InlineData("+86 400 820 8820", "+864008208820", PhoneKind.Hotline)]
    [InlineData("10086", "10086", PhoneKind.Hotline)]
    [InlineData("12345", "12345", PhoneKind.Hotline)]
    [InlineData("95013123", "95013123", PhoneKind.Hotline)]
    [InlineData("400-820-8820", "+864008208820", PhoneKind.Hotline)]
    [InlineData("95588", "95588", PhoneKind.Hotline)]
    [InlineData("1064712345678", "1064712345678", PhoneKind.Device)]
    [InlineData("+55 (12) 3923-5555", "+551239235555", PhoneKind.Foreign)]
    [InlineData("+1 415-555-2671", "+14155552671", PhoneKind.Foreign)]
    public void A_number_has_one_form_however_it_is_written(string raw, string number, PhoneKind kind)
    {
        var found = Phone.Normalise(raw);

        Assert.Equal(new PhoneNumber(number, kind, null), found);
        Assert.Equal(found, Phone.Normalise(number));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.38E+10")]
    [InlineData("12800138000")]
    [InlineData("1380013800")]
    [InlineData("87654321")]
    [InlineData("张伟 13800138000")]
    [InlineData("13800138000138001")]
    [InlineData("８６１３８００１３８００")]
    [InlineData("4008208820-12")]
    [InlineData("13800138000-802")]
    [InlineData("10086-802")]
    [InlineData("转802")]
    [InlineData("+0123456789")]
    [InlineData("\uD83D13800138000")]
    public void What_is_no_whole_number_is_none(string raw) => Assert.Null(Phone.Normalise(raw));

    [Theory]
    [InlineData("010-87654321转802")]
    [InlineData("010-87654321 轉：802")]
    [InlineData("（010）８７６５４３２１－８０２")]
    [InlineData("010-8765-4321-802")]
    [InlineData("+86 10 87654321 ext. 802")]
    [InlineData("86-010-87654321#802")]
    [InlineData("010-87654321 分机 802")]
    public void An_extension_is_kept_apart(string raw) =>
        Assert.Equal(new PhoneNumber("+861087654321", PhoneKind.Landline, "802"), Phone.Normalise(raw));

    [Fact]
    public void However_a_mainland_number_is_written_it_is_the_same()
    {
        var digits = Gen.Choose(0, 9).ArrayOf(9);
        var marks = Gen.Elements("", " ", "-", "－", "·", "\u200B").ArrayOf(11);
        var written = from second in Gen.Choose(3, 9)
                      from rest in digits
                      from between in marks
                      from prefix in Gen.Elements("", "+86", "0086", "86", "＋８６ ", "(+86)")
                      from wide in Gen.Elements(false, true)
                      select (Number: $"1{second}{string.Concat(rest)}", Between: between, Prefix: prefix, Wide: wide);
        Check.QuickThrowOnFailure(Prop.ForAll(written.ToArbitrary(), one => Phone.Normalise(one.Prefix + string.Concat(one.Number.Select((digit, i) => one.Between[i] + (one.Wide ? (char)(digit - '0' + '０') : digit))))
            == new PhoneNumber("+86" + one.Number, PhoneKind.Mobile, null)));
    }

    [Fact]
    public void A_cell_may_hold_several_numbers() =>
        Assert.Equal(
            ["+8613800138000", "+8613900139000", "+861087654321"],
            Phone.All("138 0013 8000/13900139000 13800138000；家：无、010-87654321").Select(p => p.Number),
            StringComparer.Ordinal);

    [Theory]
    [InlineData("13800138000", "138****8000")]
    [InlineData("+8613800138000", "138****8000")]
    [InlineData("010-87654321", "010****4321")]
    [InlineData("+8675587654321", "0755****4321")]
    [InlineData("+14155552671", "+14****71")]
    [InlineData("87654", "****")]
    [InlineData("garbage", "****")]
    public void A_masked_number_shows_its_ends(string number, string masked) => Assert.Equal(masked, Phone.Mask(number));

    [Fact]
    public void No_text_makes_it_fail_and_what_is_found_stays_the_same()
    {
        var texts = ArbMap.Default.ArbFor<string>().Filter(s => s is not null);
        Check.QuickThrowOnFailure(Prop.ForAll(texts, s =>
            Phone.Mask(s).Contains('*', StringComparison.Ordinal) | Phone.All(s).All(p => string.Equals(Phone.Normalise(p.Number)?.Number, p.Number, StringComparison.Ordinal))));
    }

    [Fact]
    public void Published_example_numbers_of_all_countries_are_read()
    {
        var missed = File.ReadLines(SharedFolder.File("phone_numbers", "example_numbers.csv")).Skip(1)
            .Select(line => line.Split(',')[^1]).Where(number => !string.Equals(Phone.Normalise(number)?.Number, number, StringComparison.Ordinal)).ToList();

        // Short national services (5 or 6 digits after the code) are the only ones that are not read.
        Assert.All(missed, number => Assert.True(number.Length <= 8 || number.StartsWith("+86", StringComparison.Ordinal), number));
    }

    [Theory]
    [InlineData("91110000600037341L", true)]
    [InlineData("91440300708461136T", true)]
    [InlineData("91440300708461137T", false)]
    [InlineData("91440300708461136t", false)]
    [InlineData("9144030070846113IT", false)]
    [InlineData("", false)]
    public void A_credit_code_is_held_against_its_check_character(string code, bool valid) => Assert.Equal(valid, CreditCode.IsValid(code));
}
