namespace HemoApi.Storage;

/// <summary>Rows that only their tenant may see: <see cref="HemoDbContext"/> filters every query of them.</summary>
public interface ITenantOwned
{
    Guid TenantId { get; }
}
