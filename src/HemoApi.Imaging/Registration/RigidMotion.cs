using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Registration;

/// <summary>A turn and a shift in LPS mm: q = R·p + t. Nothing is scaled, sheared or mirrored.</summary>
public sealed class RigidMotion
{
    private readonly Vector3D _x;
    private readonly Vector3D _y;
    private readonly Vector3D _z;

    /// <summary>From the rows of R. The caller sees to it that they are those of a rotation.</summary>
    private RigidMotion(Vector3D x, Vector3D y, Vector3D z, Vector3D shiftMm) => (_x, _y, _z, ShiftMm) = (x, y, z, shiftMm);

    public static RigidMotion None { get; } = new(new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), default);

    /// <summary>t, the image of the origin.</summary>
    public Vector3D ShiftMm { get; }

    /// <summary>The angle of the turn, 0 to 180°.</summary>
    public double AngleDegrees
    {
        get
        {
            // Both from the sine and from the cosine: the arc cosine alone has no precision near 0.
            var twiceSine = new Vector3D(_z.Y - _y.Z, _x.Z - _z.X, _y.X - _x.Y).Length;
            return Math.Atan2(twiceSine, _x.X + _y.Y + _z.Z - 1) * 180 / Math.PI;
        }
    }

    /// <param name="turn">Axis × angle in radians, right-handed, about <paramref name="centreMm"/> (Rodrigues' formula).</param>
    /// <param name="shiftMm">After the turn.</param>
    public static RigidMotion About(Vector3D centreMm, Vector3D turn, Vector3D shiftMm)
    {
        var angle = turn.Length;
        var axis = angle > 0 ? turn * (1 / angle) : new Vector3D(0, 0, 1);
        var (sin, cos) = Math.SinCos(angle);
        Vector3D Turned(Vector3D v) => (v * cos) + (axis.Cross(v) * sin) + (axis * (axis.Dot(v) * (1 - cos)));
        return FromColumns(Turned(new(1, 0, 0)), Turned(new(0, 1, 0)), Turned(new(0, 0, 1)), centreMm - Turned(centreMm) + shiftMm);
    }

    /// <summary>Turns one right-handed frame of unit axes into another and brings the first point to the second.</summary>
    public static RigidMotion Between((Vector3D X, Vector3D Y, Vector3D Z) from, Vector3D fromMm, (Vector3D X, Vector3D Y, Vector3D Z) to, Vector3D toMm)
    {
        Vector3D Turned(Vector3D v) => (to.X * from.X.Dot(v)) + (to.Y * from.Y.Dot(v)) + (to.Z * from.Z.Dot(v));
        return FromColumns(Turned(new(1, 0, 0)), Turned(new(0, 1, 0)), Turned(new(0, 0, 1)), toMm - Turned(fromMm));
    }

    public Vector3D Apply(Vector3D lpsMm) => Turn(lpsMm) + ShiftMm;

    /// <summary>A direction, which a shift does not change.</summary>
    public Vector3D Turn(Vector3D lps) => new(_x.Dot(lps), _y.Dot(lps), _z.Dot(lps));

    public RigidMotion Inverse()
    {
        var back = FromColumns(_x, _y, _z, default);
        return FromColumns(_x, _y, _z, back.Turn(ShiftMm) * -1);
    }

    /// <summary>First the other motion, then this one.</summary>
    public RigidMotion After(RigidMotion first) => FromColumns(
        Turn(new(first._x.X, first._y.X, first._z.X)),
        Turn(new(first._x.Y, first._y.Y, first._z.Y)),
        Turn(new(first._x.Z, first._y.Z, first._z.Z)),
        Apply(first.ShiftMm));

    /// <summary>4 × 4, row-major, for column vectors (x, y, z, 1) in LPS mm.</summary>
    public double[][] ToMatrix() =>
    [
        [_x.X, _x.Y, _x.Z, ShiftMm.X],
        [_y.X, _y.Y, _y.Z, ShiftMm.Y],
        [_z.X, _z.Y, _z.Z, ShiftMm.Z],
        [0, 0, 0, 1],
    ];

    private static RigidMotion FromColumns(Vector3D x, Vector3D y, Vector3D z, Vector3D shiftMm)
    {
        // Rounding of many small steps must not grow into a shear.
        x = x.Normalized();
        z = x.Cross(y).Normalized();
        y = z.Cross(x);
        return new(new(x.X, y.X, z.X), new(x.Y, y.Y, z.Y), new(x.Z, y.Z, z.Z), shiftMm);
    }
}
