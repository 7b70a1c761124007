#!/bin/sh
# Lock the Go modules of the engine room again, after an edit of azure_llama/engine/versions.py. Needs Go, and minutes.
set -eu
cd "$(dirname "$0")/.."

version() {
    sed -n "s/^$1 = \"\(v[0-9.]*\)\"$/\1/p" azure_llama/engine/versions.py
}

# lock FOLDER PROGRAM@VERSION [MODULE@VERSION ...]: let our module there require just these, and all they need.
lock() {
    (
        cd "azure_llama/engine/modules/$1"
        shift
        module=$(sed -n 's/^module //p' go.mod)
        go=$(sed -n 's/^go //p' go.mod)
        # Pulumi replaces one module by a fork that loads no library at start on Windows. A dependency's replacements do
        # not count, so ours says it again, and keeps it.
        replacement=$(sed -n 's/^replace \(.*\) => \(.*\) \(v.*\)$/\1=\2@\3/p' go.mod)
        rm go.mod go.sum
        go mod init "$module"
        go mod edit -go="$go" ${replacement:+-replace="$replacement"}
        go get "$@"
        go mod edit -tool="${1%@*}"
    )
}

pulumi=$(version PULUMI)
host=$(version LANGUAGE_HOST)
yaml=$(version YAML_HOST)
lock cli "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi@$pulumi" "github.com/pulumi/pulumi/sdk/v3@$pulumi"
lock host "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python@$host"
lock yaml "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml@$yaml"
