#!/usr/bin/env bash
# Make .venv with the distribution's Python where it is one of ours: it is built with profile-guided optimization,
# and needs two thirds of the processor time of an interpreter that was built without.
set -euo pipefail
python=python3
if /usr/bin/python3 -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  python=/usr/bin/python3
fi
"$python" -m venv .venv
