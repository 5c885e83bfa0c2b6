#!/usr/bin/env bash
# Makes the image of the suite as an OCI archive, without a daemon and without root beyond what mmdebstrap needs.
#
#   deploy/image.sh [ARCHIVE] [BIN]     by default build/image/sifa.tar of the programs in build/release/bin
#
# Needs the Debian packages mmdebstrap and buildah, and the programs built (tools/sifa up, or cmake --preset release). The same programs and the same
# versions of packages give the same image: times are those of the last commit. Packages with their versions stand in the image
# (var/lib/dpkg/status.d), so that scanners and SBOM tools find them.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
root=$(dirname "$here")

# Of the extracted packages: keep what runs and what tells where it comes from. Called by mmdebstrap with the directory.
trim() {
  local tree=$1 deb name
  mkdir -p "$tree/var/lib/dpkg/status.d"
  # Scripts of Debian's configuration, which nothing here runs.
  local left_out=" debconf mysql-common mariadb-common "
  for deb in "$tree"/var/cache/apt/archives/*.deb; do
    name=$(dpkg-deb --field "$deb" Package)
    if [[ $left_out == *" $name "* ]]; then
      dpkg-deb --fsys-tarfile "$deb" | tar t | grep -v '/$' | while IFS= read -r file; do rm -f "$tree/$file"; done
      continue
    fi
    dpkg-deb --field "$deb" > "$tree/var/lib/dpkg/status.d/$name"
    if [ "$name" = coreutils ]; then
      dpkg-deb --fsys-tarfile "$deb" | tar t | grep -v '/$' | grep -vE '^\./(bin/(cat|cp)|usr/share/doc/.*)$' |
        while IFS= read -r file; do rm -f "$tree/$file"; done
    fi
  done
  mkdir -p "$tree/usr/bin"
  mv "$tree"/bin/{cat,cp} "$tree/usr/bin"
  rm -rf "$tree"/usr/share/{man,locale,info,lintian,bug,perl5,debconf,gcc,gdb,grpc} "$tree"/usr/lib/x86_64-linux-gnu/gconv \
    "$tree"/var/{cache,log,tmp,lib/apt/lists} "$tree"/{boot,home,media,mnt,opt,root,srv} "$tree"/etc/{default,skel}
  find "$tree"/usr/share/doc -type f ! -name copyright -delete
  # dev, proc, sys are mounted while this runs.
  find "$tree"/{etc,lib,usr,var} -mindepth 1 -type d -empty -delete
  printf 'sifa:x:10001:10001:Sifa:/:/nonexistent\n' > "$tree/etc/passwd"
  printf 'sifa:x:10001:\n' > "$tree/etc/group"
}

if [ "${1:-}" = --trim ]; then
  trim "$2"
  exit
fi

for tool in mmdebstrap buildah strip; do
  command -v "$tool" > /dev/null || { echo "$tool is missing: apt-get install --no-install-recommends mmdebstrap buildah binutils" >&2; exit 1; }
done
archive=$(realpath -m "${1:-$root/build/image/sifa.tar}")
bin=${2:-$root/build/release/bin}
SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct)
export SOURCE_DATE_EPOCH
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT

mkdir "$context/bin"
for service in "$root"/services/*/main.cc; do
  program=sifa-$(basename "$(dirname "$service")")
  [ -x "$bin/$program" ] || { echo "$bin/$program is not built" >&2; exit 1; }
  strip -o "$context/bin/$program" "$bin/$program"
done
cp -r "$root/config" "$root/data" "$context"
packages=$(sed -e 's/#.*//' "$here/packages.txt" | xargs | tr ' ' ',')
mmdebstrap --quiet --variant=extract --include="$packages" --skip=cleanup/apt,output/dev --aptopt='Acquire::Check-Valid-Until "false"' \
  --extract-hook="$(printf '%q' "$here/image.sh") --trim \"\$1\"" bookworm "$context/rootfs.tar"
# What mmdebstrap put there of this machine.
tar --delete --file "$context/rootfs.tar" ./etc/resolv.conf ./etc/hostname ./etc/fstab ./etc/apt
cp "$here/Dockerfile" "$context"

mkdir -p "$(dirname "$archive")"
rm -f "$archive"
storage=$(mktemp -d)
trap 'rm -rf "$context" "$storage"' EXIT
run() { buildah --root "$storage/root" --runroot "$storage/run" --storage-driver vfs "$@"; }
find "$context" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
image=$(run build --quiet --isolation chroot --format oci --timestamp "$SOURCE_DATE_EPOCH" "$context")
run push --quiet "$image" "oci-archive:$archive"
echo "$archive"
echo "image sha256:$image"
du -m "$archive" | awk '{print $1 " MB packed"}'
