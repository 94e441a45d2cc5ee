#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# usage: run.sh MODEL [THREADS [REPEATS]]     Jlama 0.8.4 on a saved model, from Maven's repository.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
mvn -q -B -f "$here/pom.xml" dependency:build-classpath -Dmdep.outputFile="$out/classpath" >&2
"${java}c" -cp "$(cat "$out/classpath")" -d "$out" "$here/JlamaPeer.java"
"$java" --add-modules jdk.incubator.vector --add-exports java.base/sun.nio.ch=ALL-UNNAMED --enable-native-access=ALL-UNNAMED \
    -cp "$out:$(cat "$out/classpath")" JlamaPeer "$1" "${2:-1}" "${3:-3}" 2>/dev/null
