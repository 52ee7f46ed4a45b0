namespace Huike.Platform.Imports;

/// <summary>Goes through a written date from left to right.</summary>
internal ref struct DateScan(ReadOnlySpan<char> text)
{
    private const string Months = "janfebmaraprmayjunjulaugsepoctnovdec";

    private readonly ReadOnlySpan<char> _text = text;
    private int _at;

    internal static bool TryDay(int year, int month, int day, out DateTime date)
    {
        date = default;
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }
        date = new DateTime(year, month, day);
        return true;
    }

    internal bool TryDate(DateOrder order, out DateTime date)
    {
        date = default;
        if (TryMonthName(out var month))
        {
            return TryInt(2, out var dayOfName, out _) && SkipSeparators() && TryYear(out var yearOfName) && TryDay(yearOfName, month, dayOfName, out date);
        }
        if (!TryInt(4, out var first, out var digits))
        {
            return false;
        }
        if (digits == 4)
        {
            return TrySeparator() && (TryMonthName(out month) || (TryInt(2, out month, out _) && TrySeparator()))
                && TryInt(2, out var day, out _) && TryDay(first, month, day, out date) && Skip('日');
        }
        var separator = Current;
        if (!TrySeparator())
        {
            return false;
        }
        if (TryMonthName(out month))
        {
            return TryYear(out var yearOfName) && TryDay(yearOfName, month, first, out date);
        }
        if (!TryInt(2, out var second, out _) || Current != separator || !TrySeparator() || !TryYear(out var year))
        {
            return false;
        }
        var dayFirst = first > 12 || (second <= 12 && (order == DateOrder.DayFirst || (order == DateOrder.Unknown && separator == '.')));
        return dayFirst ? TryDay(year, second, first, out date) : TryDay(year, first, second, out date);
    }

    internal bool TryYearLast(out int first, out int second)
    {
        second = 0;
        return TryInt(2, out first, out _) && Current is '/' or '-' or '.' && TrySeparator()
            && TryInt(2, out second, out _) && Current is '/' or '-' or '.' && TrySeparator() && TryYear(out _);
    }

    /// <summary>Time, half of the day and zone, each of which may be missing; nothing else may follow.</summary>
    internal bool TryRest(DateTime date, out CellTime time)
    {
        time = default;
        SkipSeparators();
        SkipWeekday();
        Skip('T');
        Skip('t');
        var half = Half();
        var hasTime = char.IsAsciiDigit(Current);
        var clock = TimeSpan.Zero;
        if (hasTime && !TryClock(out clock))
        {
            return false;
        }
        half = half == '\0' ? Half() : half;
        if (half != '\0')
        {
            if (!hasTime || clock.Hours > 12 && half == 'a')
            {
                return false;
            }
            clock += half == 'p' && clock.Hours < 12 ? TimeSpan.FromHours(12) : half == 'a' && clock.Hours == 12 ? -TimeSpan.FromHours(12) : TimeSpan.Zero;
        }
        if (!TryOffset(out var offset) || (offset is not null && !hasTime))
        {
            return false;
        }
        SkipBlanks();
        time = new CellTime(date.Add(clock), hasTime, offset);
        return _at == _text.Length;
    }

    private readonly char Current => _at < _text.Length ? _text[_at] : '\0';

    private bool TryClock(out TimeSpan clock)
    {
        clock = default;
        if (!TryInt(2, out var hour, out _) || Current is not (':' or '时' or '点') || hour > 23)
        {
            return false;
        }
        _at++;
        int minute = 0, second = 0;
        if (char.IsAsciiDigit(Current) && !TryInt(2, out minute, out _))
        {
            return false;
        }
        if (Current is ':' or '分')
        {
            _at++;
            if (char.IsAsciiDigit(Current) && !TryInt(2, out second, out _))
            {
                return false;
            }
            Skip('秒');
        }
        if (minute > 59 || second > 60)
        {
            return false;
        }
        clock = new TimeSpan(hour, minute, Math.Min(second, 59)) + Fraction();
        return true;
    }

    private TimeSpan Fraction()
    {
        if (Current is not ('.' or ',') || _at + 1 >= _text.Length || !char.IsAsciiDigit(_text[_at + 1]))
        {
            return TimeSpan.Zero;
        }
        long ticks = 0;
        var unit = TimeSpan.TicksPerSecond;
        for (_at++; char.IsAsciiDigit(Current); _at++)
        {
            unit /= 10;
            ticks += (Current - '0') * unit;
        }
        return TimeSpan.FromTicks(ticks);
    }

    private char Half()
    {
        SkipBlanks();
        var rest = _text[_at..];
        var half = rest switch
        {
            ['上', '午', ..] or ['凌', '晨', ..] or ['早', '上', ..] or ['A' or 'a', 'M' or 'm', ..] => 'a',
            ['下', '午', ..] or ['晚', '上', ..] or ['中', '午', ..] or ['P' or 'p', 'M' or 'm', ..] => 'p',
            _ => '\0',
        };
        _at += half == '\0' ? 0 : 2;
        SkipBlanks();
        return half;
    }

    private bool TryOffset(out TimeSpan? offset)
    {
        offset = null;
        SkipBlanks();
        var rest = _text[_at..];
        if (rest is ['Z' or 'z'] || rest.Equals("UTC", StringComparison.OrdinalIgnoreCase) || rest.Equals("GMT", StringComparison.OrdinalIgnoreCase))
        {
            _at = _text.Length;
            offset = TimeSpan.Zero;
            return true;
        }
        if (Current is not ('+' or '-'))
        {
            return true;
        }
        var sign = Current == '-' ? -1 : 1;
        _at++;
        if (!TryInt(4, out var hours, out var digits))
        {
            return false;
        }
        var minutes = 0;
        if (digits > 2)
        {
            (hours, minutes) = Math.DivRem(hours, 100);
        }
        else if (Skip(':') && Current != '\0' && !TryInt(2, out minutes, out _))
        {
            return false;
        }
        offset = sign * new TimeSpan(hours, minutes, 0);
        return hours <= 14 && minutes < 60;
    }

    private bool TryMonthName(out int month)
    {
        month = 0;
        var length = 0;
        while (_at + length < _text.Length && char.IsAsciiLetter(_text[_at + length]))
        {
            length++;
        }
        if (length is < 3 or > 9)
        {
            return false;
        }
        Span<char> name = stackalloc char[3];
        _text.Slice(_at, 3).ToLowerInvariant(name);
        var found = Months.AsSpan().IndexOf(name);
        if (found < 0 || found % 3 != 0)
        {
            return false;
        }
        month = (found / 3) + 1;
        _at += length;
        SkipSeparators();
        return true;
    }

    private bool TryYear(out int year)
    {
        if (!TryInt(4, out year, out var digits) || digits is 1 or 3)
        {
            return false;
        }
        // A year of two digits lies in the seventy years before 2070.
        year += digits == 2 ? (year < 70 ? 2000 : 1900) : 0;
        return true;
    }

    private bool TryInt(int most, out int value, out int digits)
    {
        value = 0;
        digits = 0;
        for (; char.IsAsciiDigit(Current); _at++)
        {
            value = (value * 10) + (Current - '0');
            if (++digits > most)
            {
                return false;
            }
        }
        return digits > 0;
    }

    private bool TrySeparator()
    {
        if (Current is not ('-' or '/' or '.' or '年' or '月' or ' '))
        {
            return false;
        }
        _at++;
        SkipBlanks();
        return true;
    }

    private bool SkipSeparators()
    {
        while (Current is ' ' or ',' or '-' or '.' or '/')
        {
            _at++;
        }
        return true;
    }

    private void SkipBlanks()
    {
        while (Current == ' ')
        {
            _at++;
        }
    }

    private void SkipWeekday()
    {
        if (_text[_at..] is ['星', '期', _, ..])
        {
            _at += 3;
        }
        else if (_text[_at..] is ['周', _, ..])
        {
            _at += 2;
        }
        SkipBlanks();
    }

    private bool Skip(char expected)
    {
        _at += Current == expected ? 1 : 0;
        return true;
    }
}
