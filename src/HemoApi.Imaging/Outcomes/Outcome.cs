using System.Diagnostics.CodeAnalysis;

namespace HemoApi.Imaging;

/// <summary>A value or the <see cref="Fault"/> that says why there is none. Expected outcomes are values; exceptions are for surprises.</summary>
public readonly struct Outcome<T>
    where T : notnull
{
    private readonly T? _value;

    private Outcome(T? value, Fault? fault)
    {
        _value = value;
        Fault = fault;
    }

    public Fault? Fault { get; }

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">There is none: check <see cref="TryGet"/> first.</exception>
    public T Value => Fault is null && _value is not null
        ? _value
        : throw new InvalidOperationException($"no value: {Fault?.Code ?? "uninitialised"}");

    public bool TryGet([MaybeNullWhen(false)] out T value, [MaybeNullWhen(true)] out Fault fault)
    {
        value = _value;
        fault = Fault ?? (_value is null ? throw new InvalidOperationException("uninitialised outcome") : null);
        return Fault is null;
    }

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Fault fault) => new(default, fault);
}
