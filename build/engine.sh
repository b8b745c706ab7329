# Shared by ./run, ./test and ./bench: the SDK is there, and which engine this machine can have.

say() { printf '%s\n' "$*" >&2; }

require_sdk() {
  if ! command -v dotnet >/dev/null 2>&1; then
    say "The .NET 10 SDK is missing: there is no 'dotnet' on the PATH. Get it from https://dotnet.microsoft.com/download/dotnet/10.0"
    exit 1
  fi
  if ! dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then
    say "The .NET 10 SDK is missing: this machine has $(dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | paste -sd, -). Get it from https://dotnet.microsoft.com/download/dotnet/10.0"
    exit 1
  fi
}

# Sets ENGINE. Given in the environment (Engine=..., as MSBuild calls it, or ENGINE=...) it is taken as given; otherwise Orleans where its packages can be restored, tried
# once for each version of the pins; the answer is kept in artifacts/engine, where plain 'dotnet build' finds it.
settle_engine() {
  local root=$1 answer=$1/artifacts/engine asked=$1/artifacts/engine.asked pins
  ENGINE=${Engine:-${ENGINE:-}}
  if [ -n "$ENGINE" ]; then return; fi
  pins=$(cksum "$root/Directory.Packages.props" "$root/Engine.props" "$root/Engine.targets" | cksum)
  if [ ! -s "$answer" ] || [ "$(cat "$asked" 2>/dev/null)" != "$pins" ]; then
    mkdir -p "$root/artifacts"
    say "looking whether Microsoft Orleans' packages can be restored (once) ..."
    if timeout 300 dotnet restore "$root/src/Silo" -v q -nologo -p:Engine=Orleans >"$root/artifacts/engine.log" 2>&1; then
      echo Orleans >"$answer"
    else
      echo Embedded >"$answer"
      say "they can't (artifacts/engine.log says why): the embedded engine takes their place in this process"
    fi
    printf '%s\n' "$pins" >"$asked"
  fi
  ENGINE=$(cat "$answer")
}
