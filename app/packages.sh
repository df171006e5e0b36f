# SPDX-License-Identifier: GPL-3.0-or-later
# Which Debian packages Inion needs, and how the missing ones are installed. Read by app/run and
# tests/run; "a|b" means that either will do.

inion_packages_build=(
  meson ninja-build gcc libc6-dev 'pkg-config|pkgconf'
  libglib2.0-dev libgtk-4-dev libadwaita-1-dev libepoxy-dev
  libfftw3-dev 'libopenblas-pthread-dev|libopenblas-serial-dev|libopenblas-openmp-dev' liblapacke-dev
  libedf-dev libmatio-dev libbiosig-dev libsqlite3-dev libjson-glib-dev libgsl-dev
  # small tools that the build calls
  libxml2-utils desktop-file-utils shared-mime-info gtk-update-icon-cache
)

inion_packages_run=(
  adwaita-icon-theme libgl1-mesa-dri 'fonts-cantarell|fonts-dejavu-core'
)

inion_packages_test=(
  gettext xvfb xdotool xauth dbus-daemon libegl1 appstream git
  # languages that tests compile
  locales
)

# Prints the packages among the arguments that are not installed, one a line.
inion_missing () {
  local choice name

  for choice in "$@"; do
    for name in ${choice//|/ }; do
      if [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2> /dev/null)" = installed ]; then
        continue 2
      fi
    done
    echo "${choice%%|*}"
  done
}

# Installs what is missing among the arguments. Calls the package manager once, and not at all if
# nothing is missing. Fails with the command to type if it may not install.
inion_install () {
  local missing update=0 as_root=() name

  if ! command -v dpkg-query > /dev/null; then
    echo "This is no Debian system: make sure that these packages, or what they are called here," \
         "are installed: $*" >&2
    return 0
  fi
  mapfile -t missing < <(inion_missing "$@")
  [ ${#missing[@]} -gt 0 ] || return 0

  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo > /dev/null; then
      echo "Inion needs packages that are not installed. As root, type:" >&2
      echo "  apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
      return 1
    fi
    as_root=(sudo)
  fi
  for name in "${missing[@]}"; do
    apt-cache show "$name" > /dev/null 2>&1 || update=1
  done
  echo "Installing: ${missing[*]}" >&2
  if [ $update = 1 ]; then
    "${as_root[@]}" apt-get update >&2 || return 1
  fi
  # A list of packages that is weeks old points at files that are gone: then, and only then, the
  # list is fetched and the question asked again.
  inion_apt_install "${missing[@]}" && return 0
  [ $update = 0 ] && "${as_root[@]}" apt-get update >&2 && inion_apt_install "${missing[@]}" &&
    return 0
  echo "The packages could not be installed: ${missing[*]}" >&2
  return 1
}

inion_apt_install () {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --no-install-recommends "$@" >&2
}

# inion_configure BUILD OPTION…: sets a build folder up, or renews one that is there.
inion_configure () {
  local build=$1

  shift
  if [ -f "$build/build.ninja" ]; then
    meson setup --reconfigure "$build" "$@"
  else
    rm -rf "$build"
    meson setup "$build" "$@"
  fi
}
