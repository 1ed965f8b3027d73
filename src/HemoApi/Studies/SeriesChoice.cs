namespace HemoApi.Studies;

/// <summary>The series that a caller asks for; neither lets the service choose.</summary>
/// <param name="InstanceUid">(0020,000E)</param>
/// <param name="Index">Its place, from 0, in the ranked list of series that an upload or dry run of the same archive answers with.</param>
public readonly record struct SeriesChoice(string? InstanceUid = null, int? Index = null);
