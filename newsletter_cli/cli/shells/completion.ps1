# Completion of newsletter in PowerShell. In $PROFILE:  newsletter completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName @(@NAMES@) -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
    & @PROGRAM@ completion --words '--' @words "=$wordToComplete" 2>$null | ForEach-Object {
        $value, $about = $_ -split "`t", 2
        if (-not $about) { $about = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
    }
}
