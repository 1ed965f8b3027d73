using HemoApi.Imaging.Registration;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Registration;

public sealed class RigidMotionTests
{
    private static readonly RigidMotion Quarter = RigidMotion.About(new(1, 0, 0), new(0, 0, Math.PI / 2), new(0, 0, 5));

    [Fact]
    public void A_quarter_turn_about_a_point_and_a_shift_are_what_they_say()
    {
        Close(new(1, 1, 5), Quarter.Apply(new(2, 0, 0)));
        Close(new(0, 1, 0), Quarter.Turn(new(1, 0, 0)));
        Assert.Equal(90, Quarter.AngleDegrees, 1e-9);
    }

    [Fact]
    public void A_motion_and_its_inverse_leave_everything_in_place()
    {
        var other = RigidMotion.About(new(3, -4, 5), new(0.1, -0.2, 0.3), new(7, 8, -9));
        var both = Quarter.After(other);
        Close(Quarter.Apply(other.Apply(new(1, 2, 3))), both.Apply(new(1, 2, 3)));
        Close(new(1, 2, 3), both.Inverse().Apply(both.Apply(new(1, 2, 3))));
        Assert.Equal(0, both.After(both.Inverse()).AngleDegrees, 1e-6);
    }

    [Fact]
    public void The_matrix_takes_points_where_the_motion_takes_them()
    {
        var m = Quarter.ToMatrix();
        var p = new[] { 2.0, 3.0, 4.0, 1.0 };
        var q = m.Select(row => row.Zip(p, (a, b) => a * b).Sum()).ToArray();
        Close(new(q[0], q[1], q[2]), Quarter.Apply(new(2, 3, 4)));
        Assert.Equal(1, q[3]);
    }

    private static void Close(Vector3D expected, Vector3D actual) => Assert.Equal(0, (expected - actual).Length, 1e-9);
}
