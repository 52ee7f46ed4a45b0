namespace Huike.Customers;

/// <summary>In which way a search means a customer, the best first. Ranks begin with its digit.</summary>
internal enum HitBy
{
    /// <summary>Name or number begins so; the very one stands first.</summary>
    Name = 1,

    /// <summary>It sounds exactly so, in full or by its initials.</summary>
    Sound = 2,

    /// <summary>It begins to sound so.</summary>
    SoundBegun = 3,

    /// <summary>It stands among the words: within a name, in a field of the firm's own.</summary>
    Words = 4,

    /// <summary>By a phone, mail address, WeChat id, number or code.</summary>
    Contact = 5,

    /// <summary>Spelt nearly so.</summary>
    Alike = 6,

    /// <summary>A note speaks of it.</summary>
    Note = 7,
}
