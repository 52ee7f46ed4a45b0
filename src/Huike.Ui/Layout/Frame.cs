namespace Huike.Ui.Layout;

/// <summary>What stands around a page's body.</summary>
public enum Frame
{
    /// <summary>The whole document with navigation.</summary>
    Shell,

    /// <summary>The whole document without navigation.</summary>
    Bare,

    /// <summary>Title and body alone, for the script to put in place.</summary>
    BodyOnly,
}
