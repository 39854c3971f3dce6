"""Services: what runs beside an experiment, such as a page that shows its results.

A service starts when someone asks for it, and stops with the experiment.
"""

from __future__ import annotations

import atexit
import importlib
import json
import logging
import subprocess
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import IO, Any, Final, Protocol

from experimaestro.core.containers import is_dictionary, is_sequence
from experimaestro.exceptions import HandledException

LOGGER: Final = logging.getLogger("xpm")

_PATH: Final = "__path__"
"""Marks a path among JSON values."""


_UNSERIALIZABLE: Final = "__unserializable__"
"""Stands for arguments that JSON cannot hold; its value says why."""


class ServiceState(Enum):
    """Where a service stands."""

    STOPPED = 0
    STARTING = 1
    RUNNING = 2
    STOPPING = 3
    ERROR = 4


class ServiceHost(Protocol):
    """What a service needs of its experiment."""

    @property
    def workdir(self) -> Path: ...

    @property
    def experiment_id(self) -> str: ...


class ServiceListener(Protocol):
    """Told of what happens to a service."""

    def service_state_changed(self, service: Service) -> None: ...


class ServiceError(HandledException):
    """A service did not start."""


class Service(ABC):
    """Something that runs beside an experiment."""

    id: str
    """Names the service in its experiment."""

    def __init__(self, log_directory: Path | None = None) -> None:
        self.log_directory = log_directory
        self.experiment: ServiceHost | None = None
        self.error: str | None = None
        self._state = ServiceState.STOPPED
        self._listeners: list[ServiceListener] = []

    @abstractmethod
    def description(self) -> str:
        """What the service is, in a few words."""

    def stop(self, timeout: float = 2.0) -> None:  # noqa: B027  # a service that starts nothing stops nothing
        """Ends the service, in so many seconds if it can."""

    def set_experiment(self, xp: ServiceHost) -> None:
        """Attaches the service to an experiment; its logs go to the directory of the run."""
        self.experiment = xp
        if self.log_directory is None:
            self.log_directory = xp.workdir / "services" / self.id

    @property
    def experiment_id(self) -> str:
        """The identifier of the experiment; empty while the service has none."""
        return "" if self.experiment is None else self.experiment.experiment_id

    @property
    def state(self) -> ServiceState:
        return self._state

    @state.setter
    def state(self, state: ServiceState) -> None:
        self._state = state
        for listener in self._listeners:
            try:
                listener.service_state_changed(self)
            except Exception:  # the code of the user: the others are told all the same
                LOGGER.exception("a listener of service %r failed", self.id)

    def set_error(self, message: str) -> None:
        """Says that the service failed, and why."""
        self.error = message
        self.state = ServiceState.ERROR

    def add_listener(self, listener: ServiceListener) -> None:
        """Has an object told of changes."""
        self._listeners.append(listener)

    def remove_listener(self, listener: ServiceListener) -> None:
        """Forgets a listener."""
        self._listeners.remove(listener)

    @property
    def stdout(self) -> Path | None:
        """The log of the standard output."""
        return None if self.log_directory is None else self.log_directory / "logs.out"

    @property
    def stderr(self) -> Path | None:
        """The log of the standard error output."""
        return None if self.log_directory is None else self.log_directory / "logs.err"

    def state_dict(self) -> dict[str, Any]:  # Any: the arguments of the user's constructor
        """The arguments that make the service again."""
        return {"log_directory": self.log_directory}

    def full_state_dict(self) -> dict[str, Any]:  # Any: JSON
        """The class of the service and its arguments, as JSON values."""
        return {
            "class": f"{type(self).__module__}.{type(self).__qualname__}",
            "state_dict": serialize_paths(self.state_dict()),
        }

    def record(self, experiment_id: str, run_id: str) -> dict[str, object]:
        """What `status.json` says of the service, for those who look at the run."""
        return {
            "service_id": self.id,
            "description": _description(self),
            **_plain(self),
            "experiment_id": experiment_id,
            "run_id": run_id,
            "state": self.state.name,
            "url": getattr(self, "url", None),
        }

    @staticmethod
    def from_state_dict(class_name: str, state: Mapping[str, Any]) -> Service:  # Any: JSON
        """Makes a service from its class and its arguments.

        Raises ServiceError.
        """
        module, _, name = class_name.rpartition(".")
        if _UNSERIALIZABLE in state:
            raise ServiceError(f"{class_name} cannot be made again: {state[_UNSERIALIZABLE]}")
        declaration = getattr(importlib.import_module(module), name)
        if not (isinstance(declaration, type) and issubclass(declaration, Service)):
            raise ServiceError(f"{class_name} is no service")
        return declaration(**{key: restore_paths(value) for key, value in state.items() if not key.startswith("__")})


def _description(service: Service) -> str:
    try:
        return service.description()
    except Exception:  # the code of the user: the record says the rest
        LOGGER.exception("service %r cannot describe itself", service.id)
        return ""


def _plain(service: Service) -> dict[str, Any]:  # Any: JSON
    """The class and the arguments of a service, if JSON can hold them."""
    full = service.full_state_dict()
    try:
        json.dumps(full)
    except (TypeError, ValueError) as error:
        return {**full, "state_dict": {_UNSERIALIZABLE: str(error)}}
    return full


def serialize_paths(value: Any) -> Any:  # Any: JSON, paths included
    """Replaces paths by what JSON can hold."""
    if isinstance(value, Path):
        return {_PATH: str(value)}
    return _each(serialize_paths, value)


def restore_paths(value: Any) -> Any:  # Any: JSON
    """Undoes `serialize_paths`."""
    if is_dictionary(value) and _PATH in value:
        return Path(value[_PATH])
    return _each(restore_paths, value)


def _each(change: Callable[[Any], Any], value: Any) -> Any:  # Any: JSON
    if is_dictionary(value):
        return {key: change(item) for key, item in value.items()}
    if is_sequence(value):
        return [change(item) for item in value]
    return value


class WebService(Service):
    """A service with an address; `_serve` runs in a thread."""

    def __init__(self, log_directory: Path | None = None) -> None:
        super().__init__(log_directory)
        self.url: str | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @abstractmethod
    def _serve(self, running: threading.Event) -> None:
        """Sets `self.url`, then `running`; then serves until `should_stop()`."""

    def should_stop(self) -> bool:
        """Whether the service was asked to end."""
        return self._stopping.is_set()

    def get_url(self) -> str:
        """The address; starts the service if need be.

        Raises ServiceError.
        """
        if self.state is not ServiceState.RUNNING:
            self._start()
        if self.url is None:
            raise ServiceError(f"service {self.id!r} did not start: {self.error}")
        return self.url

    def stop(self, timeout: float = 2.0) -> None:
        if self._thread is None:
            return
        self.state = ServiceState.STOPPING
        self._stopping.set()
        self._thread.join(timeout)
        self._thread = None
        self.state = ServiceState.STOPPED

    def _start(self) -> None:
        running = threading.Event()
        self._stopping.clear()
        self.state = ServiceState.STARTING
        self._thread = threading.Thread(target=self._run, args=(running,), name=self.id, daemon=True)
        self._thread.start()
        running.wait()

    def _run(self, running: threading.Event) -> None:
        watcher = threading.Thread(target=self._announce, args=(running,), daemon=True)
        watcher.start()
        try:
            self._serve(running)
        except Exception as error:  # the code of the user: its failure is the state of the service
            LOGGER.exception("service %r failed", self.id)
            self.url = None
            self.set_error(f"{type(error).__name__}: {error}")
        finally:
            running.set()

    def _announce(self, running: threading.Event) -> None:
        running.wait()
        if self.state is ServiceState.STARTING and self.url is not None:
            self.state = ServiceState.RUNNING


class ProcessWebService(WebService):
    """A web service in a process of its own."""

    process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def _build_command(self) -> Sequence[str]:
        """The command to run."""

    @abstractmethod
    def _wait_for_ready(self) -> str:
        """Waits until the process answers, and returns the address."""

    def _serve(self, running: threading.Event) -> None:
        with self._log(self.stdout) as output, self._log(self.stderr) as errors:
            self.process = subprocess.Popen(self._build_command(), stdout=output, stderr=errors)
        atexit.register(self._kill)
        self.url = self._wait_for_ready()
        running.set()
        self.process.wait()

    def _log(self, path: Path | None) -> IO[bytes]:
        if path is None:
            return Path("/dev/null").open("ab")
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("ab")

    def stop(self, timeout: float = 2.0) -> None:
        self._kill()
        super().stop(timeout)

    def _kill(self) -> None:
        atexit.unregister(self._kill)
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
