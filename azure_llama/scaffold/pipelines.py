"""A pipeline that checks every pull request without credentials, for each forge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_GITHUB = """\
# Each pull request: the rules of the policy pack over the stack, without credentials.
name: Check

on: pull_request

permissions: {}

jobs:
  check:
    name: Check
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    permissions:
      contents: read
      security-events: write # the results in code scanning
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - uses: actions/setup-python@a309ff8b426b58ec0e2a45f0f869d46889d02405 # v6.2.0
        with:
          python-version: "3.12"
      - name: Set up
        run: python -m pip install --requirement requirements.txt
      - name: Check
        run: azure-llama check --stack {stack} --format sarif --output check.sarif
      # A fork's token may not upload.
      - name: Upload the results
        if: always() && github.event.pull_request.head.repo.full_name == github.repository
        uses: github/codeql-action/upload-sarif@f205ea1c3313d32999d8d6a48b4f6530d4437b38 # v4.37.4
        with:
          sarif_file: check.sarif
          category: azure-llama
"""
_AZURE_DEVOPS = """\
# Each pull request (set it up as a build validation): the rules of the policy pack over the stack, without credentials.
trigger: none

pool:
  vmImage: ubuntu-24.04

steps:
  - task: UsePythonVersion@0
    inputs:
      versionSpec: "3.12"
  - script: python -m pip install --requirement requirements.txt
    displayName: Set up
  - script: azure-llama check --stack {stack} --format junit --output check.xml
    displayName: Check
  - task: PublishTestResults@2
    condition: always()
    inputs:
      testResultsFiles: check.xml
      testRunTitle: azure-llama check
"""

PIPELINES: Final[Mapping[str, tuple[str, str]]] = {
    "github": (".github/workflows/check.yml", _GITHUB),
    "azure-devops": ("azure-pipelines.yml", _AZURE_DEVOPS),
}
"""Path and text of the pipeline of each forge; `{stack}` is the stack's name."""
