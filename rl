#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Runs Sextant on a JDK 25 or newer, after building what is out of date.
#   RL_JAVA_OPTS   more options for the Java virtual machine, for example -Xmx8g
#   RL_CLASSPATH   jars of plugins, separated by colons
#   RL_PROFILES    Maven profiles to build with, for example cuda; without it, those of the last build (empty: none)
set -eu

say() { printf 'rl: %s\n' "$@" >&2; }

follow() { # the file that the symbolic link $1 means in the end
    file=$1
    while [ -L "$file" ]; do
        link=$(readlink "$file")
        case $link in
            /*) file=$link ;;
            *) file=$(dirname "$file")/$link ;;
        esac
    done
    printf '%s\n' "$file"
}

root=$(CDPATH='' cd -- "$(dirname "$(follow "$0")")" && pwd -P)
target=$root/rl-runner/target
stamp=$target/rl.stamp
lock=$target/rl.lock
app=$target/app
jar=$app/rl-runner.jar
archive=$app/rl.jsa

# Reads the file "release": starting a JVM for each candidate would take longer than most commands.
is_jdk_25() {
    [ -x "$1/bin/javac" ] && [ -f "$1/release" ] || return 1
    major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    [ "${major:-0}" -ge 25 ]
}

find_jdk() {
    java=$(command -v java) || java=
    for jdk in "${JAVA_HOME:-}" "${java:+$(dirname "$(dirname "$(follow "$java")")")}" \
        /usr/lib/jvm/* /usr/java/* /opt/* "${HOME:-}"/.jdks/* "${HOME:-}"/.sdkman/candidates/java/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if is_jdk_25 "$jdk"; then return; fi
    done
    say "Sextant needs a JDK 25 or newer, and none was found." \
        "  Looked at: JAVA_HOME (${JAVA_HOME:-not set}), java on the PATH (${java:-none}), /usr/lib/jvm, /usr/java," \
        "  /opt, ~/.jdks, ~/.sdkman/candidates/java and /Library/Java/JavaVirtualMachines." \
        "  Install one ('sudo apt-get install openjdk-25-jdk', 'brew install --cask temurin@25', or from" \
        "  https://adoptium.net), or set JAVA_HOME to the directory of the one that you have."
    exit 1
}

profiles_of_build() { [ ! -f "$stamp" ] || head -n 1 "$stamp"; }

up_to_date() {
    [ -f "$stamp" ] && [ -f "$jar" ] && [ "$(profiles_of_build)" = "$profiles" ] &&
        [ -z "$(find "$root/pom.xml" "$root"/rl-*/pom.xml "$root"/rl-*/src/main -newer "$stamp" | head -n 1)" ]
}

# One builder at a time. The lock is a link that names its owner, so that what a kill left behind can be told; it is
# taken away by one process at a time, or a slow one would take away the lock of the next owner.
take_lock() {
    mkdir -p "$target"
    waiting=
    until ln -s $$ "$lock" 2>/dev/null; do
        owner=$(readlink "$lock") || continue
        if ! kill -0 "$owner" 2>/dev/null && mkdir "$lock.check" 2>/dev/null; then
            [ "$(readlink "$lock")" != "$owner" ] || rm "$lock"
            rmdir "$lock.check"
            continue
        fi
        [ -n "$waiting" ] || say "waiting for the build of process $owner (if that is no build: rm $lock)"
        waiting=yes
        sleep 1
    done
    trap 'rm -f "$lock"' EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

build() {
    command -v mvn >/dev/null || {
        say "Sextant must be built first, and Maven was not found: install it ('sudo apt-get install maven')."
        exit 1
    }
    say "building${profiles:+ with $profiles}, because sources or RL_PROFILES are newer than the build"
    printf '%s\n' "$profiles" >"$stamp.new"
    # The options keep a Maven older than the JDK from warning about its own libraries.
    (
        cd "$root"
        export JAVA_HOME="$jdk"
        export MAVEN_OPTS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS:-}"
        exec mvn -q -B -Dstyle.color=never -DskipTests ${profiles:+"-P$profiles"} package
    ) </dev/null >&2 || {
        say "the build failed, see above"
        exit 1
    }
    # A copy of its own, in new files: neither this nor Maven then pulls the classes from under a run in progress.
    rm -rf "$app"
    mkdir "$app"
    cp -R "$target/rl-runner.jar" "$target/lib" "$app"
    # The classes of the command line in an archive: commands that need no model start in half the time.
    # shellcheck disable=SC2086 # flags are words
    "$jdk/bin/java" $flags -Xlog:disable -XX:ArchiveClassesAtExit="$archive" -cp "$jar" $main plugins \
        </dev/null >/dev/null 2>&1 || rm -f "$archive"
    mv "$stamp.new" "$stamp"
}

find_jdk
profiles=${RL_PROFILES-$(profiles_of_build)}
main=org.sextant.runner.cli.Main
# Tensors live off the heap: what the machine has is their limit, not the size of the heap.
memory=$(awk '/^MemTotal:/ { print $2 "k" }' /proc/meminfo 2>/dev/null || true)
flags="${memory:+-XX:MaxDirectMemorySize=$memory} --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
if ! up_to_date; then
    take_lock
    up_to_date || build
    rm -f "$lock"
    trap - EXIT HUP INT TERM
fi
# Tensors in huge pages, where Linux leaves that to the program: products of a training step are a tenth faster. Only
# glibc knows the setting, and one that the caller made stands.
export GLIBC_TUNABLES="${GLIBC_TUNABLES:-glibc.malloc.hugetlb=1}"
# An archive that does not fit this JVM or its options is passed over: no reason to speak of it.
# shellcheck disable=SC2086 # flags and options are words
exec "$jdk/bin/java" $flags -XX:SharedArchiveFile="$archive" '-Xlog:cds*=off' ${RL_JAVA_OPTS:-} \
    -cp "$jar${RL_CLASSPATH:+:$RL_CLASSPATH}" $main "$@"
