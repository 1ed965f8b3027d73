namespace HemoApi.Tests.Disasters;

/// <summary>Four processes that come and go need the machine for themselves: these tests run after the others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
