#!/usr/bin/env bash
# Installs the release build, as it lies in .build/release, below a folder: what the Debian package holds.
# Usage: install.sh DESTDIR   (make build first)
set -euo pipefail
if (($# != 1)); then
    echo 'Usage: install.sh DESTDIR' >&2
    exit 64
fi
mkdir -p "$1"
dest=$(realpath "$1")
cd "$(dirname "$0")/.."
build=.build/release
catalog=deploy/systemd/quarter.catalog

fail() {
    echo "install.sh: $1" >&2
    exit 66
}

for program in quarterd quarterctl quarter-bridge; do
    if [[ ! -x $build/$program ]]; then fail "$build/$program is missing: make build"; fi
done
if [[ ! -e $catalog ]]; then fail "$catalog is missing: make docs writes it"; fi
for tool in jq nm objcopy patchelf readelf strip xz; do
    if ! command -v "$tool" >/dev/null; then fail "$tool is missing: see Scripts/apt-packages-deb.txt"; fi
done

version=$("$build/quarterctl" --version)
# Pages and archives carry the day of the sources, so that the same sources give the same bytes.
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
libraries=$dest/usr/lib/quarter
modules=$libraries/modules
documents=$dest/usr/share/doc/quarter

# Files of the tree: put FILE… FOLDER-BELOW-DESTDIR
put() {
    local folder=$dest/${*: -1}
    install -d -m 755 "$folder"
    install -m 644 "${@:1:$#-1}" "$folder/"
}

# -- Programs, modules and what they need ------------------------------------------------------------------------

needed() { readelf --dynamic --wide "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'; }

# Copies a binary, without symbols; the section quarter_abi of a module is loaded data, so strip leaves it.
# The folders of the build machine that the linker noted go, and the one given comes.
binary() {
    local from=$1 to=$2 mode=$3 path=$4
    install -D -m 755 "$from" "$to"
    strip --strip-unneeded --remove-section=.comment "$to"
    patchelf --set-rpath "$path" "$to"
    chmod "$mode" "$to"
}

scratch=$(mktemp --directory)
trap 'rm -rf "$scratch"' EXIT

# Gives a stripped copy the names of its functions back, packed, in the section .gnu_debugdata: a backtrace after a
# crash then says where. The way of gdb's manual, “MiniDebugInfo”. For libraries only: the backtrace program of
# Swift 6.3 itself crashes on the half megabyte that quarterd's would have.
with_function_names() {
    local from=$1 to=$2
    nm --format=posix --defined-only --dynamic "$from" | awk '{ print $1 }' | LC_ALL=C sort >"$scratch/exported"
    nm --format=posix --defined-only "$from" | awk '$2 ~ /^[Tt]$/ { print $1 }' | LC_ALL=C sort >"$scratch/functions"
    LC_ALL=C comm -13 "$scratch/exported" "$scratch/functions" >"$scratch/keep"
    objcopy --only-keep-debug "$from" "$scratch/debug"
    objcopy --strip-all --remove-section=.comment --keep-symbols="$scratch/keep" "$scratch/debug" "$scratch/names"
    xz --compress -9 --force "$scratch/names"
    objcopy --add-section .gnu_debugdata="$scratch/names.xz" "$to"
}

# A library of Quarter's own.
own() {
    binary "$@"
    with_function_names "$1" "$2"
}

# Takes the wish for an executable stack out of a library (flag X of its program header GNU_STACK): nothing in it
# needs one, and the sandbox's MemoryDenyWriteExecute= would refuse to load it.
without_executable_stack() {
    local file=$1 offset size count index at
    number() { od --address-radix=n --format="u$3" --skip-bytes="$2" --read-bytes="$3" "$1" | tr -d ' '; }
    offset=$(number "$file" 32 8)
    size=$(number "$file" 54 2)
    count=$(number "$file" 56 2)
    for ((index = 0; index < count; index++)); do
        at=$((offset + index * size))
        # PT_GNU_STACK, elf(5); the flags follow: R 4, W 2, X 1.
        if (($(number "$file" "$at" 4) == 0x6474e551)); then
            printf '\x06' | dd of="$file" bs=1 seek=$((at + 4)) conv=notrunc status=none
        fi
    done
}

# The names in Package.swift's `let modules`; the folder also holds the modules of tests.
mapfile -t names < <(
    awk '/^let modules = \[/ { on = 1 } on { print } on && /\]/ { exit }' Package.swift |
        grep --only-matching '"[A-Za-z]*"' | tr -d '"'
)
if ((${#names[@]} == 0)); then fail 'Package.swift has no list of modules any more'; fi

sources=("$build/quarterd" "$build/quarterctl" "$build/quarter-bridge")
binary "$build/quarterd" "$dest/usr/sbin/quarterd" 755 "\$ORIGIN/../lib/quarter"
binary "$build/quarterctl" "$dest/usr/bin/quarterctl" 755 "\$ORIGIN/../lib/quarter"
binary "$build/quarter-bridge" "$dest/usr/sbin/quarter-bridge" 755 "\$ORIGIN/../lib/quarter"
for name in "${names[@]}"; do
    sources+=("$build/lib${name}Module.so")
    own "$build/lib${name}Module.so" "$modules/lib${name}Module.so" 644 "\$ORIGIN/.."
done

# What writes a backtrace after a crash (SWIFT_BACKTRACE in quarterd.service).
toolchain=$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")
runtime=$toolchain/lib/swift/linux
backtrace=$toolchain/libexec/swift/linux/swift-backtrace
if [[ ! -x $backtrace ]]; then fail "$backtrace is missing: the toolchain is not whole"; fi
sources+=("$backtrace")
binary "$backtrace" "$libraries/swift-backtrace" 755 "\$ORIGIN"

# The closure of the libraries that are neither the system's nor the programs': Swift's runtime and the kit.
declare -A seen=()
while ((${#sources[@]} > 0)); do
    current=${sources[0]}
    sources=("${sources[@]:1}")
    while read -r library; do
        if [[ -n ${seen[$library]:-} ]]; then continue; fi
        seen[$library]=1
        for folder in "$build" "$runtime"; do
            if [[ -e $folder/$library ]]; then
                if [[ $folder == "$build" ]]; then
                    own "$folder/$library" "$libraries/$library" 644 "\$ORIGIN"
                else
                    binary "$folder/$library" "$libraries/$library" 644 "\$ORIGIN"
                fi
                without_executable_stack "$libraries/$library"
                sources+=("$folder/$library")
                break
            fi
        done
    done < <(needed "$current")
done

# -- The SDK -----------------------------------------------------------------------------------------------------

# What `quarterctl modules new` makes packages from and for: the kit's sources, without their tests, and the templates.
sdk=$dest/usr/share/quarter/sdk
for package in ServiceTypeKit ServiceTypeTestKit; do
    while IFS= read -r -d '' file; do
        install -D -m 644 "Plugins/$package/$file" "$sdk/$package/$file"
    done < <(cd "Plugins/$package" && find Package.swift Sources -type f -print0)
done
# The tests stay with the sources of Quarter: an outside author has none of the tree that they look at.
sed --in-place '/\.testTarget(name: "ServiceTypeTestKitTests"/d' "$sdk/ServiceTypeTestKit/Package.swift"
for template in module-template module-package; do
    while IFS= read -r -d '' file; do
        install -D -m 644 "Scripts/$template/$file" "$sdk/templates/$template/$file"
    done < <(cd "Scripts/$template" && find . -type f -printf '%P\0')
done

# -- What programs that speak Varlink may be built from ----------------------------------------------------------

put Sources/DirectoryServer/Varlink/org.quarter.Directory.varlink usr/share/quarter/varlink

# -- What systemd reads ------------------------------------------------------------------------------------------

put deploy/systemd/*.{service,socket,timer,path} lib/systemd/system
put deploy/systemd/*.preset lib/systemd/system-preset
put deploy/sysusers.d/quarter.conf usr/lib/sysusers.d
put deploy/tmpfiles.d/quarter.conf usr/lib/tmpfiles.d
put "$catalog" usr/lib/systemd/catalog

# -- Configuration -----------------------------------------------------------------------------------------------

put etc/quarter/quarter.toml etc/quarter
put etc/quarter/types.d/*.toml etc/quarter/types.d
put etc/quarter/calendars/*.json etc/quarter/calendars
install -d -m 700 "$dest/etc/quarter/tokens" "$dest/etc/quarter/bridges/credentials"
install -d -m 755 "$dest"/etc/quarter/bridges/{pull,push}

# -- Pages -------------------------------------------------------------------------------------------------------

while IFS= read -r -d '' file; do
    install -D -m 644 "Pages/$file" "$dest/usr/share/quarter/pages/$file"
done < <(cd Pages && find . -type f ! -name '*.md' -printf '%P\0')

# -- Documents ---------------------------------------------------------------------------------------------------

for page in deploy/man/*.in; do
    name=$(basename "$page" .in)
    folder=$dest/usr/share/man/man${name##*.}
    install -d -m 755 "$folder"
    deploy/man/render.sh "$page" "$build" "$version" "$epoch" >"$folder/$name"
    gzip --no-name --best --force "$folder/$name"
    chmod 644 "$folder/$name.gz"
done

install -d -m 755 "$dest"/usr/share/{bash-completion/completions,zsh/vendor-completions,fish/vendor_completions.d}
for program in quarterd quarterctl quarter-bridge; do
    complete() { "$build/$program" --generate-completion-script "$1"; }
    # It is read, not run: no interpreter line.
    complete bash | sed '1{/^#!/d}' >"$dest/usr/share/bash-completion/completions/$program"
    complete zsh >"$dest/usr/share/zsh/vendor-completions/_$program"
    complete fish >"$dest/usr/share/fish/vendor_completions.d/$program.fish"
done

put docs/*.md CHANGELOG.md NOTICE usr/share/doc/quarter
put docs/images/*.png usr/share/doc/quarter/images
put deploy/examples/quarterd.service.d/local.conf usr/share/doc/quarter/examples/quarterd.service.d
put deploy/examples/kiosk/* usr/share/doc/quarter/examples/kiosk
# The Apache licence wants the notices of what is linked in to go along.
install -d -m 755 "$documents/notices"
for notice in .build/checkouts/*/NOTICE.txt; do
    install -m 644 "$notice" "$documents/notices/$(basename "$(dirname "$notice")").txt"
done

# -- Was everything meant? ---------------------------------------------------------------------------------------

# A path of the build machine in a library path would be searched on every machine that installs this.
while IFS= read -r file; do
    path=$(patchelf --print-rpath "$file")
    if [[ $path != "\$ORIGIN"* || $path == *:* ]]; then fail "$file has the library path $path"; fi
done < <(find "$dest/usr/sbin" "$dest/usr/bin" "$libraries" -type f)
for name in "${names[@]}"; do
    if [[ $(readelf --sections --wide "$modules/lib${name}Module.so") != *' quarter_abi '* ]]; then
        fail "lib${name}Module.so has lost its stamp (section quarter_abi)"
    fi
done
echo "$dest: ${#names[@]} modules, $(find "$libraries" -maxdepth 1 -name '*.so' | wc -l) libraries, $(du --summarize --human-readable "$dest" | cut -f 1)"
