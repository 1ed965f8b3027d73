using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Phantoms;

/// <summary>Density of points near one slice. Structures that the slice does not cut are left out once, those far from a voxel once for
/// all points of the voxel, and where nothing changes within a voxel one point stands for it: this is most of the time of a phantom.</summary>
internal sealed class PhantomSliceSampler
{
    private const double AirHu = -1000;
    private const double CortexOfSulcusMm = 3;
    private const double WhiteMatterEdgeMm = 2.5;
    private const double FalxReachMm = 4;

    /// <summary>An ellipsoid's distance is of first order: off its surface it is less or more than the true one, never by half of it.</summary>
    private const double DistanceError = 1.5;

    private readonly HeadPhantom _head;
    private readonly ScannerSettings _scanner;
    private readonly PhantomStructure[] _structures;
    private readonly double[] _farMm2;
    private readonly PhantomStructure[] _near;
    private int _nearCount;
    private readonly PhantomLesion[] _lesions;
    private readonly double _reachMm;

    public PhantomSliceSampler(HeadPhantom head, ScannerSettings scanner, Vector3D originInHead, Vector3D normalInHead, double thicknessMm)
    {
        _head = head;
        _scanner = scanner;
        _structures = [.. head.Structures.Where(s => Cuts(s.Shape, s.EdgeMm))];
        _near = new PhantomStructure[_structures.Length];
        _farMm2 = [.. _structures.Select(FarMm2)];
        _reachMm = (thicknessMm + scanner.EdgeMm) / 2;
        _lesions = [.. head.Lesions.Where(l => l.Type == HemorrhageType.Sdh || Cuts(l.Body, scanner.EdgeMm))];

        bool Cuts(Ellipsoid shape, double edgeMm) => Math.Abs((shape.CentreMm - originInHead).Dot(normalInHead))
            <= Math.Max(shape.RadiiMm.X, Math.Max(shape.RadiiMm.Y, shape.RadiiMm.Z)) + thicknessMm + edgeMm;

        double FarMm2(PhantomStructure s) => Math.Max(scanner.EdgeMm, s.EdgeMm) / 2 > Ellipsoid.FarDistanceMm
            ? double.PositiveInfinity
            : Math.Pow(s.Shape.FarMm + (thicknessMm / 2), 2);
    }

    /// <summary>Says which voxel the next points lie in.</summary>
    /// <param name="centreMm">Head frame; the points lie at most half the slice's thickness from it.</param>
    public void MoveTo(Vector3D centreMm)
    {
        _nearCount = 0;
        for (var i = 0; i < _structures.Length; i++)
        {
            var offset = centreMm - _structures[i].Shape.CentreMm;
            if (offset.Dot(offset) <= _farMm2[i])
            {
                _near[_nearCount++] = _structures[i];
            }
        }
    }

    /// <summary>True where all points of the voxel of <see cref="MoveTo"/> are alike: in air, or deep in white matter, away from everything else.</summary>
    /// <param name="centreMm">Of the voxel.</param>
    public bool IsUniform(Vector3D centreMm)
    {
        foreach (var structure in _near.AsSpan(0, _nearCount))
        {
            if (structure.Shape.SignedDistanceMm(centreMm) < DistanceError * (_reachMm + (structure.EdgeMm / 2)))
            {
                return false;
            }
        }

        foreach (var lesion in _lesions)
        {
            if (!IsClear(lesion.SignedDistanceMm(centreMm)))
            {
                return false;
            }
        }

        return IsOutside(_head.Scalp.SignedDistanceMm(centreMm))
            || (-_head.BrainSurface.SignedDistanceMm(centreMm) > (_head.Sulci.DepthMm * 2) + (DistanceError * _reachMm)
                && _head.WhiteMatter.SignedDistanceMm(centreMm) < -(WhiteMatterEdgeMm + (DistanceError * _reachMm))
                && (_head.FalxHalfThicknessMm == 0 || Math.Abs(centreMm.X) > FalxReachMm + _reachMm));
    }

    private bool IsClear(double distanceMm) => IsOutside(distanceMm) || distanceMm < -DistanceError * _reachMm;

    private bool IsOutside(double distanceMm) => distanceMm > DistanceError * _reachMm
        || (distanceMm >= Ellipsoid.FarDistanceMm && _reachMm < Ellipsoid.FarDistanceMm * 0.8);

    /// <param name="pointMm">Head frame, in the voxel of <see cref="MoveTo"/>.</param>
    /// <param name="slowVariation">−1 to 1, scaled by the scanner's texture.</param>
    public PhantomSample Sample(Vector3D pointMm, double slowVariation)
    {
        var edge = _scanner.EdgeMm;
        var inner = _head.InnerTable.SignedDistanceMm(pointMm);
        var hu = inner < -edge ? Brain(pointMm, inner) : Shell(pointMm, inner);
        foreach (var structure in _near.AsSpan(0, _nearCount))
        {
            var share = Coverage(structure.Shape.SignedDistanceMm(pointMm), Math.Max(edge, structure.EdgeMm)) * structure.Blend;
            if (share > 0)
            {
                share *= structure.InsideCavityOnly ? Coverage(inner, edge) : 1;
                hu += (structure.Hu - hu) * share;
            }
        }

        var ich = 0.0;
        var edh = 0.0;
        var sdh = 0.0;
        foreach (var lesion in _lesions)
        {
            var distance = lesion.SignedDistanceMm(pointMm);
            var share = Coverage(distance, edge);
            if (share > 0)
            {
                hu += (lesion.Hu + (slowVariation * _scanner.TextureHu * 2) - hu) * share;
                var filled = distance < 0 ? 1 : 0;
                ich += lesion.Type == HemorrhageType.Ich ? filled : 0;
                edh += lesion.Type == HemorrhageType.Edh ? filled : 0;
                sdh += lesion.Type == HemorrhageType.Sdh ? filled : 0;
            }
        }

        if (inner < 0)
        {
            hu += (slowVariation * _scanner.TextureHu)
                + (_scanner.CuppingHu * Math.Exp(inner / _scanner.CuppingDepthMm))
                + (_scanner.BoneHaloHu * Math.Exp(inner / _scanner.BoneHaloDepthMm));
        }

        return new(hu + _scanner.OffsetHu, ich, edh, sdh);
    }

    private double Brain(Vector3D point, double inner)
    {
        var edge = _scanner.EdgeMm;
        var tissue = _head.Tissue;
        var hu = tissue.Csf;
        var belowSurface = -_head.BrainSurface.SignedDistanceMm(point);
        var sulci = _head.Sulci;
        if (belowSurface > -edge)
        {
            hu += (tissue.Cortex - hu) * Coverage(-belowSurface, edge);
            var fromSulcus = belowSurface < sulci.DepthMm * 2 ? sulci.DistanceMm(point) : double.PositiveInfinity;

            // Cortex lines the sulci, too.
            var toWhite = Math.Max(_head.WhiteMatter.SignedDistanceMm(point), belowSurface < sulci.DepthMm + CortexOfSulcusMm ? CortexOfSulcusMm - fromSulcus : double.NegativeInfinity);
            hu += (tissue.WhiteMatter - hu) * Coverage(toWhite, WhiteMatterEdgeMm);
            hu += (tissue.Csf - hu) * Coverage(fromSulcus - sulci.HalfWidthMm, edge) * Coverage(belowSurface - sulci.DepthMm, 4);
        }

        if (_head.FalxHalfThicknessMm > 0 && point.Z > -10 && Math.Abs(point.X) < FalxReachMm)
        {
            // The falx hangs from the vault: deep in front and behind, shallow over the corpus callosum.
            var depth = 12 + (Math.Abs(point.Y) * 0.45);
            var share = Coverage(Math.Abs(point.X) - _head.FalxHalfThicknessMm, edge) * Coverage(-inner - depth, 3);
            hu += (tissue.Falx - hu) * share;
        }

        return hu;
    }

    private double Shell(Vector3D point, double inner)
    {
        var edge = _scanner.EdgeMm;
        var tissue = _head.Tissue;
        var hu = AirHu;
        hu += (tissue.Scalp - hu) * Coverage(_head.Scalp.SignedDistanceMm(point), edge);
        var outer = _head.OuterTable.SignedDistanceMm(point);
        var boneShare = Coverage(outer, edge);
        if (boneShare > 0)
        {
            var bone = tissue.CorticalBone;
            bone += (tissue.Diploe - bone) * Coverage(1.6 - Math.Min(inner, -outer), 1.5);
            hu += (bone - hu) * boneShare;
        }

        var brainShare = Coverage(inner, edge);
        return brainShare > 0 ? hu + ((Brain(point, inner) - hu) * brainShare) : hu;
    }

    private static double Coverage(double signedDistanceMm, double edgeMm) => Math.Clamp(0.5 - (signedDistanceMm / edgeMm), 0, 1);
}
