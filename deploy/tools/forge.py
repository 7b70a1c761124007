"""Where the pipeline's repository lives: comments on its pull requests, and issues. GitHub or Azure DevOps.

Each text begins with a marker that Markdown does not show, by which the next run finds it and edits it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any, Protocol

import httpx

from azure_llama.arm.tls import trust

LABEL = "azure-llama-drift"
_TIMEOUT = httpx.Timeout(30, connect=10)
_DEVOPS = {"api-version": "7.1"}


class ForgeError(Exception):
    """The forge refused, cannot be reached, or is not known. The text says what to do."""


class Forge(Protocol):
    """A place with pull requests and issues."""

    def comment(self, marker: str, text: str) -> str:
        """Write a comment on the run's pull request, or edit the one that is there; returns which of both."""

    def issue(self, marker: str, title: str, text: str) -> str:
        """Open an issue, or bring the open one up to date; returns which of both."""

    def close(self, marker: str) -> str:
        """Close the open issue, if there is one; returns what was done."""


def connect(variables: Mapping[str, str] | None = None) -> Forge:
    """The forge that runs this pipeline.

    Raises:
        ForgeError: it is none that is known, or gave no token to the step.
    """
    found = os.environ if variables is None else variables
    if found.get("GITHUB_ACTIONS") == "true":
        return GitHub(found)
    if found.get("TF_BUILD", "").casefold() == "true":
        return AzureDevOps(found)
    raise ForgeError("this runs in a pipeline of GitHub (GITHUB_ACTIONS) or Azure DevOps (TF_BUILD), and in no other")


def _needed(variables: Mapping[str, str], name: str) -> str:
    value = variables.get(name, "")
    if not value:
        raise ForgeError(f"{name} is not set; the step has to pass it on, as the pipelines in deploy/ do")
    return value


class _Api:
    def __init__(self, base: str, headers: Mapping[str, str]) -> None:
        self._http = httpx.Client(base_url=base, headers=dict(headers), timeout=_TIMEOUT, verify=trust())

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, path, **more)
        except httpx.HTTPError as error:
            raise ForgeError(f"{method} {path}: {error or type(error).__name__}") from None
        if answer.status_code >= 400:
            raise ForgeError(
                f"{method} {path}: HTTP status {answer.status_code}; the permissions of the pipeline's token are in"
                " docs/pipelines.md"
            )
        return answer


class GitHub:
    """GitHub, with the job's own token."""

    _BOT = "github-actions[bot]"

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self._repository = _needed(variables, "GITHUB_REPOSITORY")
        headers = {
            "Authorization": f"Bearer {_needed(variables, 'GITHUB_TOKEN')}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        self._api = _Api(variables.get("GITHUB_API_URL", "https://api.github.com"), headers)

    def comment(self, marker: str, text: str) -> str:
        """See `Forge`."""
        number = _needed(self._variables, "PULL_REQUEST")
        path = f"/repos/{self._repository}/issues/{number}/comments"
        for each in self._all(path, {}):
            if each["body"].startswith(marker) and each["user"]["login"] == self._BOT:
                self._api.ask("PATCH", f"/repos/{self._repository}/issues/comments/{each['id']}", json={"body": text})
                return "edited"
        self._api.ask("POST", path, json={"body": text})
        return "written"

    def issue(self, marker: str, title: str, text: str) -> str:
        """See `Forge`."""
        path = f"/repos/{self._repository}/issues"
        number = self._open(marker)
        if number is not None:
            self._api.ask("PATCH", f"{path}/{number}", json={"title": title, "body": text})
            return "edited"
        self._api.ask("POST", path, json={"title": title, "body": text, "labels": [LABEL]})
        return "opened"

    def close(self, marker: str) -> str:
        """See `Forge`."""
        number = self._open(marker)
        if number is None:
            return "none open"
        change = {"state": "closed", "state_reason": "completed"}
        self._api.ask("PATCH", f"/repos/{self._repository}/issues/{number}", json=change)
        return "closed"

    def _open(self, marker: str) -> int | None:
        wanted = {"state": "open", "labels": LABEL, "creator": self._BOT}
        for each in self._all(f"/repos/{self._repository}/issues", wanted):
            if (each["body"] or "").startswith(marker):
                return int(each["number"])
        return None

    def _all(self, path: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        answer = self._api.ask("GET", path, params={**query, "per_page": "100"})
        while True:
            found += answer.json()
            following = answer.links.get("next", {}).get("url")
            if following is None:
                return found
            answer = self._api.ask("GET", following)


class AzureDevOps:
    """Azure DevOps, with the job's own token."""

    # A query cannot ask for a category of states; these are the last ones of the processes that Microsoft ships.
    _OPEN = (
        "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project"
        " AND [System.Tags] CONTAINS '<tag>'"
        " AND [System.State] NOT IN ('Done', 'Closed', 'Removed', 'Resolved', 'Completed') ORDER BY [System.Id]"
    )

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        base = _needed(variables, "SYSTEM_COLLECTIONURI").rstrip("/")
        project = _needed(variables, "SYSTEM_TEAMPROJECT")
        token = _needed(variables, "SYSTEM_ACCESSTOKEN")
        self._api = _Api(f"{base}/{project}/_apis/", {"Authorization": f"Bearer {token}"})

    def comment(self, marker: str, text: str) -> str:
        """See `Forge`."""
        repository = _needed(self._variables, "BUILD_REPOSITORY_ID")
        number = _needed(self._variables, "SYSTEM_PULLREQUEST_PULLREQUESTID")
        path = f"git/repositories/{repository}/pullRequests/{number}/threads"
        for thread in self._api.ask("GET", path, params=_DEVOPS).json()["value"]:
            first = next(iter(thread["comments"]), None)
            if first and (first.get("content") or "").startswith(marker):
                comment = f"{path}/{thread['id']}/comments/{first['id']}"
                self._api.ask("PATCH", comment, params=_DEVOPS, json={"content": text})
                return "edited"
        comments = [{"parentCommentId": 0, "commentType": 1, "content": text}]
        self._api.ask("POST", path, params=_DEVOPS, json={"comments": comments, "status": "closed"})
        return "written"

    def issue(self, marker: str, title: str, text: str) -> str:
        """See `Forge`. A work item of the type Task, which every process has."""
        number = self._open(marker)
        fields = {"System.Title": title, "System.Description": text}
        if number is not None:
            self._work_item("PATCH", f"wit/workitems/{number}", fields)
            return "edited"
        self._work_item("POST", "wit/workitems/$Task", {**fields, "System.Tags": f"{LABEL}; {_tag(marker)}"})
        return "opened"

    def close(self, marker: str) -> str:
        """See `Forge`. The states of a work item are the team's own, so it is told, and closed by a person."""
        number = self._open(marker)
        if number is None:
            return "none open"
        self._work_item("PATCH", f"wit/workitems/{number}", {"System.History": "The drift is gone."})
        return "told"

    def _open(self, marker: str) -> int | None:
        query = self._OPEN.replace("<tag>", _tag(marker))
        found = self._api.ask("POST", "wit/wiql", params=_DEVOPS, json={"query": query}).json()["workItems"]
        return int(found[0]["id"]) if found else None

    def _work_item(self, method: str, path: str, fields: Mapping[str, str]) -> None:
        changes = [{"op": "add", "path": f"/fields/{name}", "value": value} for name, value in fields.items()]
        headers = {"Content-Type": "application/json-patch+json"}
        self._api.ask(method, path, params=_DEVOPS, json=changes, headers=headers)


def _tag(marker: str) -> str:
    # A description may lose what it does not show. In brackets, so that no tag is the beginning of another.
    return f"[{re.sub(r'[^A-Za-z0-9_./ -]', '', marker.strip('<!->')).strip()}]"
