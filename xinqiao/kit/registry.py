"""One registry for every kind (登记处): channels, steps, metrics, HL7 messages, FHIR resources."""

import importlib
import pkgutil
import threading
from collections.abc import Callable, Iterator


class Registry[T]:
    """The known things of one kind by their code; the owner discovers the folder they lie in (登记处)."""

    def __init__(self, kind: str, folder: str) -> None:
        self.kind, self.folder = kind, folder
        self._things: dict[str, T] = {}
        self._seen = False
        self._lock = threading.RLock()

    def add(self, *codes: str) -> Callable[[T], T]:
        """This function will enter a thing under its codes; a code taken twice is an error (登记)."""

        def enter(thing: T) -> T:
            for code in codes:
                if code in self._things:
                    raise ValueError(f"{self.kind} {code} is registered twice")
                self._things[code] = thing
            return thing

        return enter

    def get(self, code: str) -> T:
        """This function will give the thing of this code, or raise KeyError naming the kind (查询)."""
        self._discover()
        try:
            return self._things[code]
        except KeyError:
            raise KeyError(f"no {self.kind} is called {code!r}") from None

    def find(self, code: str) -> T | None:
        """This function will give the thing of this code, or None (查找)."""
        self._discover()
        return self._things.get(code)

    def __iter__(self) -> Iterator[tuple[str, T]]:
        self._discover()
        return iter(sorted(self._things.items()))

    def _discover(self) -> None:
        """Import the folder once; whoever asks meanwhile waits until all is known."""
        with self._lock:
            if not self._seen:
                folder = importlib.import_module(self.folder)
                for module in pkgutil.iter_modules(folder.__path__, self.folder + "."):
                    importlib.import_module(module.name)
                self._seen = True
