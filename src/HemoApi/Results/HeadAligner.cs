using HemoApi.Imaging.Registration;

namespace HemoApi.Results;

/// <param name="Registration">Null where a scan shows next to no skull.</param>
/// <param name="Lesions">Null where the registration can't be relied on.</param>
public sealed record HeadAlignment(SkullRegistration? Registration, IReadOnlyList<MatchedLesions>? Lesions);

/// <summary>Brings two stored scans of one head together. One pair at a time: it takes all processors for a second or two, and jobs need them too.</summary>
public sealed class HeadAligner(ComparedStudies studies) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    public async Task<HeadAlignment> Align(ComparedStudy baseline, ComparedStudy followUp, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await AlignNow(
                baseline,
                followUp,
                await studies.SkullOf(baseline, cancellationToken),
                await studies.SkullOf(followUp, cancellationToken),
                cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<HeadAlignment> AlignNow(
        ComparedStudy baseline, ComparedStudy followUp, SkullSurface before, SkullSurface after, CancellationToken cancellationToken)
    {
        var registration = await Task.Run(() => SkullRegistration.Find(before, after, cancellationToken), cancellationToken);
        if (registration is not { IsReliable: true })
        {
            return new(registration, null);
        }

        var (earlier, later) = (await studies.LesionsOf(baseline, cancellationToken), await studies.LesionsOf(followUp, cancellationToken));
        return new(registration, LesionMatching.Match(earlier, later, registration.FollowUpToBaseline));
    }
}
