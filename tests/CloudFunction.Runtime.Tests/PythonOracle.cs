using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace CloudFunction.Runtime.Tests;

/// <summary>Asks the Python libraries that the old system read its files with.</summary>
internal static class PythonOracle
{
    // Debian's own has Debian's packages, another one on the PATH may have none.
    private static readonly string[] Programs = ["/usr/bin/python3", "python3", "python"];

    /// <summary>Why tests that need these modules are skipped; null where there is a Python that has them.</summary>
    public static string? Missing(string packages, params string[] modules) =>
        Find(modules) is null ? $"No Python has {string.Join(" and ", modules)}: install {packages} (Debian)." : null;

    /// <summary>Runs a script that defines <c>answer(question)</c>, once for each question.</summary>
    public static async Task<List<TAnswer>> AskAsync<TQuestion, TAnswer>(string script, IReadOnlyList<TQuestion> questions, params string[] modules)
    {
        using var process = Process.Start(new ProcessStartInfo(
            Find(modules)!, ["-c", script + "\nimport json, sys\nprint(json.dumps([answer(q) for q in json.load(sys.stdin)]))"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["PYTHONIOENCODING"] = "utf-8" },
        })!;
        var reading = process.StandardOutput.ReadToEndAsync();
        await process.StandardInput.WriteAsync(JsonSerializer.Serialize(questions));
        process.StandardInput.Close();
        var answers = await reading;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"Python ended with {process.ExitCode}.");
        return JsonSerializer.Deserialize<List<TAnswer>>(answers)!;
    }

    private static string? Find(string[] modules) => Programs.FirstOrDefault(program =>
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, ["-c", $"import {string.Join(", ", modules)}"])
            {
                RedirectStandardError = true,
            })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    });
}
