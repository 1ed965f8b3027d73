namespace HemoApi.Imaging.Dicom;

/// <summary>Value representations (PS3.5 section 6.2). The value of each is its two letters as they stand in a file, first letter low.</summary>
public enum DicomVr : ushort
{
    None = 0,
    AE = 'A' | ('E' << 8),
    AS = 'A' | ('S' << 8),
    AT = 'A' | ('T' << 8),
    CS = 'C' | ('S' << 8),
    DA = 'D' | ('A' << 8),
    DS = 'D' | ('S' << 8),
    DT = 'D' | ('T' << 8),
    FD = 'F' | ('D' << 8),
    FL = 'F' | ('L' << 8),
    IS = 'I' | ('S' << 8),
    LO = 'L' | ('O' << 8),
    LT = 'L' | ('T' << 8),
    OB = 'O' | ('B' << 8),
    OD = 'O' | ('D' << 8),
    OF = 'O' | ('F' << 8),
    OL = 'O' | ('L' << 8),
    OV = 'O' | ('V' << 8),
    OW = 'O' | ('W' << 8),
    PN = 'P' | ('N' << 8),
    SH = 'S' | ('H' << 8),
    SL = 'S' | ('L' << 8),
    SQ = 'S' | ('Q' << 8),
    SS = 'S' | ('S' << 8),
    ST = 'S' | ('T' << 8),
    SV = 'S' | ('V' << 8),
    TM = 'T' | ('M' << 8),
    UC = 'U' | ('C' << 8),
    UI = 'U' | ('I' << 8),
    UL = 'U' | ('L' << 8),
    UN = 'U' | ('N' << 8),
    UR = 'U' | ('R' << 8),
    US = 'U' | ('S' << 8),
    UT = 'U' | ('T' << 8),
    UV = 'U' | ('V' << 8),
}

internal static class DicomVrs
{
    /// <summary>Explicit VR elements of these have a 16-bit length (PS3.5 table 7.1-2); all others, unknown ones too, 32 bits.</summary>
    public static bool HasShortLength(this DicomVr vr) => vr is
        DicomVr.AE or DicomVr.AS or DicomVr.AT or DicomVr.CS or DicomVr.DA or DicomVr.DS or DicomVr.DT or DicomVr.FD or
        DicomVr.FL or DicomVr.IS or DicomVr.LO or DicomVr.LT or DicomVr.PN or DicomVr.SH or DicomVr.SL or DicomVr.SS or
        DicomVr.ST or DicomVr.TM or DicomVr.UI or DicomVr.UL or DicomVr.US;

    /// <summary>Bytes of one binary number, which is what byte order applies to; 1 for text and bytes.</summary>
    public static int NumberSize(this DicomVr vr) => vr switch
    {
        DicomVr.US or DicomVr.SS or DicomVr.OW or DicomVr.AT => 2,
        DicomVr.UL or DicomVr.SL or DicomVr.FL or DicomVr.OL or DicomVr.OF => 4,
        DicomVr.FD or DicomVr.OD or DicomVr.OV or DicomVr.SV or DicomVr.UV => 8,
        _ => 1,
    };

    /// <summary>Longest text value in characters (PS3.5 table 6.2-1).</summary>
    public static int MaximumTextLength(this DicomVr vr) => vr switch
    {
        DicomVr.AS => 4,
        DicomVr.DA => 8,
        DicomVr.IS => 12,
        DicomVr.TM => 14,
        DicomVr.AE or DicomVr.CS or DicomVr.DS or DicomVr.SH => 16,
        DicomVr.DT => 26,
        DicomVr.LO or DicomVr.PN or DicomVr.UI => 64,
        DicomVr.ST => 1024,
        DicomVr.LT => 10240,
        _ => 0,
    };
}
