using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace HemoApi.Tests.Disasters;

/// <summary>A TCP proxy before a server, which can make it refuse, stall and lose connections.</summary>
internal sealed class FaultyProxy : IDisposable
{
    private readonly int _target;
    private readonly ConcurrentDictionary<Socket, bool> _open = [];
    private TcpListener _listener;
    private volatile TaskCompletionSource? _stalled;
    private volatile Random? _losing;

    /// <param name="targetPort">Of a server on this machine.</param>
    public FaultyProxy(int targetPort)
    {
        _target = targetPort;
        _listener = Listen(0);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
    }

    public int Port { get; }

    /// <summary>Nothing listens, and what was connected is cut off.</summary>
    public void Refuse()
    {
        _listener.Stop();
        Cut();
    }

    /// <summary>Connections are taken and nothing moves on any of them.</summary>
    public void Stall() => _stalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Each connection is reset after some bytes more, in the middle of what it carries.</summary>
    public void Lose(int seed) => _losing = new Random(seed);

    /// <summary>All is well again; what had stalled goes on where it stood.</summary>
    public void Recover()
    {
        _losing = null;
        _stalled?.SetResult();
        _stalled = null;
        if (!_listener.Server.IsBound)
        {
            _listener = Listen(Port);
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
    }

    private TcpListener Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        _ = Accept(listener);
        return listener;
    }

    private async Task Accept(TcpListener listener)
    {
        try
        {
            while (true)
            {
                _ = Carry(await listener.AcceptSocketAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It was stopped.
        }
    }

    private async Task Carry(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            _open[client] = _open[server] = true;
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target);
                await Task.WhenAny(Pump(client, server), Pump(server, client));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // One side is gone; so goes the other.
            }
            finally
            {
                _open.TryRemove(client, out _);
                _open.TryRemove(server, out _);
            }
        }
    }

    private async Task Pump(Socket from, Socket to)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 14);
        long? left = null;
        try
        {
            int bytes;
            while ((bytes = await from.ReceiveAsync(buffer)) > 0)
            {
                if (_stalled is { } stalled)
                {
                    await stalled.Task;
                }

                if (_losing is { } losing && (left = (left ?? Budget(losing)) - bytes) < 0)
                {
                    Reset(from);
                    Reset(to);
                    return;
                }

                await to.SendAsync(buffer.AsMemory(0, bytes));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One side is gone; so goes the other.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static long Budget(Random random)
    {
        lock (random)
        {
            return random.Next(1 << 18);
        }
    }

    private void Cut()
    {
        foreach (var socket in _open.Keys)
        {
            Reset(socket);
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Gone already.
        }

        socket.Dispose();
    }
}
