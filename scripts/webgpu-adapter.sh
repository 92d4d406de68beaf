#!/bin/sh
# Installs a software adapter for the onnxruntime-webgpu backend: Mesa's lavapipe, a Vulkan driver that computes on the
# CPU. For tests on machines without a GPU; run as root. Debian bookworm's own Mesa (22.3) lacks what Dawn asks for,
# so there it comes from bookworm-backports (25.0).
set -eu

. /etc/os-release
if [ "${VERSION_CODENAME:-}" = bookworm ]; then
  list=/etc/apt/sources.list.d/bookworm-backports.list
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  echo "deb [signed-by=$keyring] http://deb.debian.org/debian bookworm-backports main" > "$list"
  from="-t bookworm-backports"
fi

apt-get update
# shellcheck disable=SC2086 # two words, or none
apt-get install -y --no-install-recommends ${from:-} mesa-vulkan-drivers libvulkan1
ls /usr/share/vulkan/icd.d/lvp_icd*.json
