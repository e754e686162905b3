using System.Collections.Concurrent;

namespace KernelGen.Dispatch;

/// <summary>Keeps as many workspaces as were ever in use at once, without locks.</summary>
internal sealed class WorkspacePool(int layers)
{
    private readonly ConcurrentQueue<Workspace> _idle = new();

    // The last one returned is still in the caches.
    private Workspace? _last;

    public Workspace Rent()
        => Interlocked.Exchange(ref _last, null) ?? (_idle.TryDequeue(out var workspace) ? workspace : new Workspace(layers));

    public void Return(Workspace workspace)
    {
        // A workspace must not keep replaced weights alive.
        Array.Clear(workspace.States);
        if (Interlocked.Exchange(ref _last, workspace) is { } older)
        {
            _idle.Enqueue(older);
        }
    }
}
