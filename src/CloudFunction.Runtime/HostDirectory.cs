using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;

namespace CloudFunction.Runtime;

/// <summary>Makes the folders that are the host's own. The only place that makes any.</summary>
internal static class HostDirectory
{
    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes a folder that only the host's user can enter, and those above it that are missing. One that is there stays as it is.</summary>
    /// <returns>Its full path.</returns>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static string Create(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (OperatingSystem.IsWindows())
        {
            // Those that are made are the user's and, as every right of root's on Unix, the system's.
            if (!Directory.Exists(full))
            {
                new DirectoryInfo(full).Create(OfTheUser());
            }
        }
        else
        {
            CreateOnUnix(full);
        }

        return full;
    }

    // One by one: .NET gives the mode to the last of them alone.
    [UnsupportedOSPlatform("windows")]
    private static void CreateOnUnix(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        if (Path.GetDirectoryName(path) is { } parent)
        {
            CreateOnUnix(parent);
        }

        Directory.CreateDirectory(path, OwnersAlone);
    }

    [SupportedOSPlatform("windows")]
    private static DirectorySecurity OfTheUser()
    {
        var security = new DirectorySecurity();
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        using var user = WindowsIdentity.GetCurrent();
        foreach (var identity in (IdentityReference[])[user.User!, new SecurityIdentifier(WellKnownSidType.LocalSystemSid, null)])
        {
            security.AddAccessRule(new FileSystemAccessRule(
                identity, FileSystemRights.FullControl, InheritanceFlags.ContainerInherit | InheritanceFlags.ObjectInherit, PropagationFlags.None,
                AccessControlType.Allow));
        }

        return security;
    }
}
