#!/bin/sh
# Compares what hedgerow reads with what go-yaml v2 reads, on mutated documents.
#
#   tests/outside/go-yaml/run.sh [COUNT [SEED]]
#
# It needs Debian's packages golang-go and golang-gopkg-yaml.v2-dev, and no network. It ends with 1 where
# the two disagree in a way that disagreements.txt does not list.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
count=${1:-10000}
seed=${2:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$root"
cargo build --quiet --bin hedgerow --example go-yaml
target=${CARGO_TARGET_DIR:-target}/debug
export GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$work/gocache" GOFLAGS=-trimpath
go build -o "$work/judge" "$here/judge.go"

judge() {
    "$work/judge" "$1" >"$1.judged"
    # Findings are what is asked for: they make it end with 1.
    "$target/hedgerow" validate "$1" -o json >"$1.found" 2>"$1.errors" || [ -s "$1.found" ]
    "$target/examples/go-yaml" compare "$1" "$1.judged" "$1.found" "$here/disagreements.txt"
}

mkdir "$work/mutated" "$work/managed"
"$target/examples/go-yaml" generate "$work/mutated" "$seed" "$count"
echo "$count mutated documents:"
judge "$work/mutated" || failed=1
"$target/examples/go-yaml" managed "$work/mutated" "$work/managed"
echo "the managed files they become:"
judge "$work/managed" || failed=1
exit ${failed:-0}
