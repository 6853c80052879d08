#!/usr/bin/env pwsh
# Builds all packages into artifacts/packages/. What is in them is MSBuild's: eng/Package.targets. The version is in Directory.Build.props.
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot
dotnet pack CloudFunction.sln --configuration Release
exit $LASTEXITCODE
