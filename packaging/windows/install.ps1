# Makes a Windows tablet a kiosk. NEVER TRIED: see README.md. Run as administrator.
[CmdletBinding()]
param(
    [string] $Counter,          # the folder that the server prepared for this counter
    [string] $Program = (Join-Path $PSScriptRoot 'hailong-kiosk'),
    [switch] $Remove
)
$ErrorActionPreference = 'Stop'
$User = 'hailong-kiosk'
$Place = Join-Path $env:ProgramFiles 'hailong-kiosk'
$Kept = Join-Path $env:ProgramData 'hailong'    # settings and what citizens said: never removed
$Logon = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon'
$RestartShell = 0; $DoNothing = 3                # WESL_UserSetting: what follows an exit code

function Get-Launcher { [wmiclass] '\\localhost\root\standardcimv2\embedded:WESL_UserSetting' }
function Get-Sid { (New-Object Security.Principal.NTAccount($User)).Translate([Security.Principal.SecurityIdentifier]).Value }

if ($Remove) {
    (Get-Launcher).RemoveCustomShell((Get-Sid)) | Out-Null
    Set-ItemProperty $Logon AutoAdminLogon '0'
    Remove-ItemProperty $Logon DefaultPassword -ErrorAction SilentlyContinue
    Write-Host "Kiosk sẽ không tự mở nữa. Dữ liệu vẫn còn ở $Kept."
    return
}
if (-not (Test-Path (Join-Path $Counter 'kiosk.toml'))) { throw "Không thấy kiosk.toml trong thư mục $Counter" }

# A password that nobody knows: Windows keeps it for signing in at boot, where administrators can read it. The user may do nothing else.
$letters = [char[]] (48..57 + 65..90 + 97..122)
$bytes = New-Object byte[] 24
[Security.Cryptography.RandomNumberGenerator]::Create().GetBytes($bytes)
$password = -join ($bytes | ForEach-Object { $letters[$_ % $letters.Length] }) + 'aA1!'
$secure = ConvertTo-SecureString $password -AsPlainText -Force
if (Get-LocalUser $User -ErrorAction SilentlyContinue) { Set-LocalUser $User -Password $secure }
else { New-LocalUser $User -Password $secure -PasswordNeverExpires -UserMayNotChangePassword -Description 'Hai Long kiosk' | Out-Null }

New-Item -ItemType Directory -Force $Kept | Out-Null
if (Test-Path $Place) { Remove-Item -Recurse -Force $Place }
Copy-Item -Recurse $Program $Place
if (-not (Test-Path (Join-Path $Kept 'kiosk.toml'))) { Copy-Item (Join-Path $Counter '*') $Kept }
$settings = Join-Path $Kept 'kiosk.toml'
if (-not (Select-String -Quiet -Pattern '^data\s*=' $settings)) {
    $lines = @("data = '$Kept\data'") + (Get-Content $settings -Encoding UTF8)
    [IO.File]::WriteAllLines($settings, $lines, (New-Object Text.UTF8Encoding $false))
}
icacls $Kept /inheritance:r /grant:r 'Administrators:(OI)(CI)F' 'SYSTEM:(OI)(CI)F' "${User}:(OI)(CI)M" | Out-Null

Enable-WindowsOptionalFeature -Online -NoRestart -FeatureName Client-EmbeddedShellLauncher -All | Out-Null
$launcher = Get-Launcher
$launcher.SetDefaultShell('explorer.exe', $RestartShell) | Out-Null
$command = "`"$Place\hailong-kiosk.exe`" --config `"$settings`""
$launcher.SetCustomShell((Get-Sid), $command, [int[]] @(0), [int[]] @($DoNothing), $RestartShell) | Out-Null
$launcher.SetEnabled($true) | Out-Null

Set-ItemProperty $Logon AutoAdminLogon '1'
Set-ItemProperty $Logon DefaultUserName $User
Set-ItemProperty $Logon DefaultDomainName $env:COMPUTERNAME
Set-ItemProperty $Logon DefaultPassword $password
foreach ($what in 'monitor-timeout-ac', 'monitor-timeout-dc', 'standby-timeout-ac', 'standby-timeout-dc', 'hibernate-timeout-ac', 'hibernate-timeout-dc') {
    powercfg /change $what 0
}
# Swiping from an edge opens what is not ours.
New-Item -Force 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\EdgeUI' | Out-Null
Set-ItemProperty 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\EdgeUI' AllowEdgeSwipe 0 -Type DWord
Write-Host 'Đã cài xong. Khởi động lại máy để mở kiosk.'
