"""A new project: what a stack asks for, from a few answers, and the files of the project."""

from __future__ import annotations

from azure_llama.scaffold.configuration import NETWORKS, Answers, EndpointRequest, configuration
from azure_llama.scaffold.files import PIPELINES, files, write
from azure_llama.scaffold.kinds import KINDS

__all__ = ["KINDS", "NETWORKS", "PIPELINES", "Answers", "EndpointRequest", "configuration", "files", "write"]
