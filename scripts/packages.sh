#!/usr/bin/env bash
# Install the Debian packages that are missing, where the user may; else say in one line what to paste.
set -euo pipefail
missing=()
for package in "$@"; do
  case $package in
    chromium) command -v chromium >/dev/null || missing+=("$package") ;;
    nodejs) command -v node >/dev/null || missing+=("$package") ;;
    npm) command -v npm >/dev/null || missing+=("$package") ;;
    postgresql) compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=("$package") ;;
    *) dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package") ;;
  esac
done
[ ${#missing[@]} -eq 0 ] && exit 0
if ! command -v apt-get >/dev/null; then
  echo "Please install what these Debian packages hold: ${missing[*]}" >&2
  exit 0
fi
if [ "$(id -u)" = 0 ]; then as=(env)
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as=(sudo env)
else
  echo "Please run once:  sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
  exit 1
fi
echo "Installing ${missing[*]} …"
"${as[@]}" DEBIAN_FRONTEND=noninteractive apt-get update -qq
"${as[@]}" DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
