#!/bin/sh
# Lock the Go modules of the engine room again, after an edit of azure_llama/engine/versions.py. Needs Go, and minutes.
set -eu
cd "$(dirname "$0")/.."

version() {
    sed -n "s/^$1 = \"\(v[0-9.]*\)\"$/\1/p" azure_llama/engine/versions.py
}

# lock FOLDER PROGRAM@VERSION [MODULE@VERSION ...]: a module of ours that requires just these, and all they need.
lock() {
    folder=azure_llama/engine/modules/$1
    shift
    go=$(sed -n 's/^go //p' "$folder/go.mod")
    rm "$folder/go.mod" "$folder/go.sum"
    (
        cd "$folder"
        go mod init "azure-llama.invalid/engine/$(basename "$folder")"
        go mod edit -go="$go"
        # Upstream replaces it by a fork without a library that Windows loads at each start; a dependency's
        # replacements do not count, so it is said again.
        go mod edit -replace github.com/atotto/clipboard=github.com/tgummerer/clipboard@v0.0.0-20241001131231-d02d263e614e
        go get "$@"
        go mod edit -tool="${1%@*}"
    )
}

pulumi=$(version PULUMI)
host=$(version LANGUAGE_HOST)
lock cli "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi@$pulumi" "github.com/pulumi/pulumi/sdk/v3@$pulumi"
lock host "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python@$host"
