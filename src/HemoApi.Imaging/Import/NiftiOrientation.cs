namespace HemoApi.Imaging.Import;

/// <summary>Where the voxels of a NIfTI-1 file lie. The one place where RAS is read as LPS.</summary>
internal static class NiftiOrientation
{
    private const int UnitMetre = 1;
    private const int UnitMicron = 3;

    /// <summary>The sform where it has a code, else the qform, as nibabel and ITK choose.</summary>
    /// <returns>4×4 row-major, (i, j, k, 1) → LPS mm; <see cref="FaultCodes.NiftiUnsupported"/> where neither has a code.</returns>
    public static Outcome<double[,]> LpsAffine(NiftiFields fields)
    {
        if ((fields.Byte(123) & 7) is UnitMetre or UnitMicron)
        {
            return NiftiFaults.Unsupported("its lengths are not in mm");
        }

        double[,] ras;
        if (fields.Int16(254) > 0)
        {
            ras = Sform(fields);
        }
        else if (fields.Int16(252) > 0)
        {
            ras = Qform(fields);
        }
        else
        {
            return NiftiFaults.Unsupported("it does not say where its voxels lie: sform_code and qform_code are 0");
        }

        var lps = new double[4, 4];
        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 4; column++)
            {
                lps[row, column] = row < 2 ? -ras[row, column] : ras[row, column];
                if (!double.IsFinite(lps[row, column]))
                {
                    return NiftiFaults.Invalid("its orientation is not finite");
                }
            }
        }

        lps[3, 3] = 1;
        return lps;
    }

    private static double[,] Sform(NiftiFields fields)
    {
        var ras = new double[3, 4];
        for (var s = 0; s < 12; s++)
        {
            ras[s / 4, s % 4] = fields.Single(280 + (4 * s));
        }

        return ras;
    }

    /// <summary>Method 2 of nifti1.h: a rotation by a quaternion, spacings, and qfac, which turns the third axis round.</summary>
    private static double[,] Qform(NiftiFields fields)
    {
        var (b, c, d) = (fields.Single(256), fields.Single(260), fields.Single(264));
        var a = Math.Sqrt(Math.Max(0, 1 - ((b * b) + (c * c) + (d * d))));
        var (di, dj, dk) = (fields.Single(80), fields.Single(84), fields.Single(88) * (fields.Single(76) < 0 ? -1 : 1));
        return new[,]
        {
            { ((a * a) + (b * b) - (c * c) - (d * d)) * di, 2 * ((b * c) - (a * d)) * dj, 2 * ((b * d) + (a * c)) * dk, fields.Single(268) },
            { 2 * ((b * c) + (a * d)) * di, ((a * a) + (c * c) - (b * b) - (d * d)) * dj, 2 * ((c * d) - (a * b)) * dk, fields.Single(272) },
            { 2 * ((b * d) - (a * c)) * di, 2 * ((c * d) + (a * b)) * dj, ((a * a) + (d * d) - (c * c) - (b * b)) * dk, fields.Single(276) },
        };
    }
}
