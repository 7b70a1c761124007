"""A stack's history: edits, deployments, changes by others, faults, crashes, refreshes and destroys, in any order.

After each step the rules below hold: nothing is created twice, traffic sums to 0 or 100, no call of an endpoint that is
there before and after fails, no key is in clear anywhere, and the next `up` without a fault converges.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from copy import deepcopy
from dataclasses import replace
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from azure_llama.arm import versions
from azure_llama.drift.reports import as_json, as_lines
from azure_llama.preflight.reports import as_json as preflight_json
from azure_llama.stack import project
from azure_llama.stack.planned import plan_stack
from azure_llama.stack.project import Project
from azure_llama_sandbox.world import SUBSCRIPTION, TENANT
from tests.conftest import ROOT
from tests.differential.repair import Config, problems, texts
from tests.histories import outside
from tests.histories.callers import Callers
from tests.histories.edits import edited, needs_two_deployments
from tests.histories.evidence import Texts, created_twice, wrong_traffic
from tests.histories.faults import faults
from tests.histories.grants import grant
from tests.histories.start import START
from tests.inprocess.azure import Azure
from tests.inprocess.stack import Run, Stack

_DEV = project.load(ROOT, "dev", None)
_LONG = 3 * 3600.0
"""Seconds after which Azure has ended whatever it does."""
_NAME_TAKEN = re.compile("[Ss]oft-deleted|deleted state")
_CONDITIONS = {"foundry": {"quota": {"AIServices.GlobalStandard.Llama-3.3-70B-Instruct": 2000}}}


class History(RuleBasedStateMachine):
    """One stack in one Azure."""

    azure: ClassVar[Azure]
    """Set by whoever runs histories; emptied for each."""
    backend: ClassVar[Callable[[Project, Azure], Stack]] = Stack
    """Who deploys: the engine in this process, or a real one."""

    @initialize()
    def begin(self) -> None:
        """Deploy a small stack."""
        self.azure.fresh("eastus2")
        self.azure.conditions(_CONDITIONS)
        grant(self.azure)
        self.texts = Texts(self.azure)
        logging.getLogger().addHandler(self.texts)
        self.config: Config = deepcopy(dict(START))
        self.deployed: Config | None = None
        """The configuration that Azure has; None when a run has not ended."""
        self.types: set[str] = set()
        """Types of all resources that the stack has had."""
        self.stack = type(self).backend(_DEV, self.azure)
        self._load()
        self._converge()

    def teardown(self) -> None:
        """End the history."""
        if hasattr(self, "texts"):
            logging.getLogger().removeHandler(self.texts)
            self.stack.close()

    # -- steps -------------------------------------------------------------------------------------

    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        """A person edits the stack, previews and deploys it; a name that was used before is purged first."""
        self._edit(data)
        self.texts.run(self.stack.preview())
        run = self._up(may_fail=True)
        assert run.errors == [] or _NAME_TAKEN.search("".join(run.errors)), run.errors
        self._converge()

    @rule(data=st.data(), settled=st.booleans())
    def fault(self, data: st.DataObject, settled: bool) -> None:
        """Azure fails in a deployment, after which the person deploys again, or does something else first."""
        self._edit(data)
        self.azure.faults(data.draw(faults(self._touched())))
        self._up(may_fail=True)
        self.azure.faults([])
        if settled:
            self._converge()

    @rule(data=st.data(), early=st.booleans())
    def kill(self, data: st.DataObject, early: bool) -> None:
        """The engine dies in a deployment; the recipe of docs/recovery.md follows, at once or when Azure is done."""
        self._edit(data)
        self.azure.dies_after(data.draw(st.sampled_from(self._written())))
        killed = self._up(may_fail=True).killed
        self.azure.dies_after("")
        if killed:
            self._recover(early)
        self._converge()

    @rule(data=st.data())
    def change_outside(self, data: st.DataObject) -> None:
        """Somebody changes Azure by hand; the drift report shows it, and its command restores what is stated."""
        if self.deployed is None:
            self._converge()
        change = outside.change(self.stack, data.draw)
        if change is None:
            return
        report = self.stack.drift()
        self.texts.keep(as_json(report), as_lines(report))
        assert change in {each.id.lower() for each in report.resources}, f"{change} is not in the drift report"
        restored = self.stack.restore(report)
        self.texts.run(restored)
        assert restored.errors == [], restored.errors
        self._converge()

    @rule()
    def refresh(self) -> None:
        """`pulumi refresh`, then `pulumi up`."""
        self.stack.refresh(set(self.stack.states))
        self._up()
        self._converge()

    @rule()
    def preflight(self) -> None:
        """`azure-llama preflight` shows no secret."""
        self.texts.keep(preflight_json(self.stack.preflight()))

    @rule(purged=st.booleans())
    def destroy(self, purged: bool) -> None:
        """The stack is destroyed and deployed again: its names are taken until `azure-llama purge` frees them."""
        held = {each.id.lower() for each in self.azure.soft_deleted()}
        run = self.stack.destroy(may_fail=True)
        self.texts.run(run)
        assert run.errors == [], run.errors
        after = {each.id.lower() for each in self.azure.soft_deleted()}
        assert held < after, (held, after)
        left = [each.id for each in self.azure.resources() if "/resourcegroups/" in each.id.lower()]
        assert left == [], left
        self.deployed = None
        if not purged:
            refused = self._up(may_fail=True)
            assert _NAME_TAKEN.search("".join(refused.errors)), refused.errors
            assert after == {each.id.lower() for each in self.azure.soft_deleted()}
        self._converge()

    # -- what they are made of ---------------------------------------------------------------------

    def _edit(self, data: st.DataObject) -> None:
        changed = edited(self.config, data.draw)
        assert problems(changed) == ()
        if not needs_two_deployments(changed, self.stack.states.values()):
            self.config = changed
        self._load()

    def _written(self) -> list[str]:
        """Ids of what the next `up` creates or updates; of everything when it does neither."""
        planned = {each.id for each in plan_stack(self.stack.project, SUBSCRIPTION, TENANT).resources}
        return sorted(id_ for method, id_ in self._touched() if method == "PUT") or sorted(planned)

    def _touched(self) -> list[tuple[str, str]]:
        """Method and path of each request that writes in the next `up`."""
        planned = plan_stack(self.stack.project, SUBSCRIPTION, TENANT).resources
        ids = {f"{each.pulumi_type.removeprefix('azure-native:')} {each.logical_name}": each.id for each in planned}
        held = {state.name: state.id for state in self.stack.states.values() if state.id}
        done = self.stack.preview().done
        puts = {ids[name] for verb in ("create", "update", "replace") for name in done.get(verb, ()) if name in ids}
        deletes = {held[name] for name in done.get("delete", ()) if name in held}
        return sorted([*(("PUT", id_) for id_ in puts), *(("DELETE", id_) for id_ in deletes)])

    def _load(self) -> None:
        kept = {key: text for key, text in _DEV.config.items() if not key.startswith("azure-llama:")}
        signed_in = {"azure-native:subscriptionId": SUBSCRIPTION, "azure-native:tenantId": TENANT}
        self.stack.project = replace(_DEV, config=kept | signed_in | texts(self.config))

    def _up(self, may_fail: bool = False) -> Run:
        with self._called() if self.deployed is not None else nullcontext():
            run = self.stack.up()
        self.texts.run(run)
        assert "Traceback" not in "".join(run.errors)
        assert may_fail or run.errors == [], run.errors
        self.deployed = None if run.errors or run.killed else deepcopy(self.config)
        return run

    @contextmanager
    def _called(self) -> Iterator[None]:
        assert self.deployed is not None
        callers = Callers(self.azure, self.deployed, self.config, self.stack.outputs)
        with self.azure.beside(callers):
            yield
        assert callers.failures == [], callers.failures

    def _recover(self, early: bool) -> None:
        if not early:
            self.azure.clock.skip(_LONG)
        self._up(may_fail=True)
        self.azure.clock.skip(_LONG)
        filled = self.stack.import_file()
        self.texts.keep(filled.document)
        self.stack.import_(filled)
        for leftover in filled.leftovers:
            version = versions.of_type(leftover.type)
            assert version is not None
            self.azure.delete(leftover.id, version)

    def _converge(self) -> None:
        """The next `up` without a fault succeeds, and the one after changes nothing."""
        self.azure.clock.skip(_LONG)
        if self.deployed is None:
            if self.azure.soft_deleted():
                self.texts.keep(self.stack.purge())
            self._up()
        again = self.stack.up()
        assert (again.done, again.errors) == ({}, []), (again.done, again.errors)
        report = self.stack.drift()
        self.texts.keep(as_json(report), as_lines(report))
        assert report.resources == (), as_lines(report)
        self._nothing_is_left_over()

    def _nothing_is_left_over(self) -> None:
        own = {state.id.lower() for state in self.stack.states.values()}
        self.types |= {each.type for each in self.azure.resources() if each.id.lower() in own}
        left = [each.id for type_ in self.types for each in self.azure.resources(type_)]
        over = [id_ for id_ in left if id_.lower() not in own]
        assert over == [], over

    # -- what holds after each step ----------------------------------------------------------------

    @invariant()
    def nothing_is_created_twice(self) -> None:
        """Each resource is created once, unless it was deleted in between."""
        twice = created_twice(self.azure.requests)
        assert twice == [], twice

    @invariant()
    def traffic_adds_up(self) -> None:
        """The traffic of each endpoint sums to 0 or 100."""
        wrong = list(wrong_traffic(self.azure))
        assert wrong == [], wrong

    @invariant()
    def no_key_is_in_clear(self) -> None:
        """No state, plan, event, report, log or message has a secret."""
        leaks = self.texts.leaks()
        assert leaks == [], leaks
