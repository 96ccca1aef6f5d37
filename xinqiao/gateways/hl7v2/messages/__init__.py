"""One file per kind of message; each registers the triggers that it reads (报文种类)."""

from collections.abc import Callable

from xinqiao.kit.registry import Registry

from ..pieces import Reading
from ..said import Said

Reader = Callable[[Reading, str], tuple[Said, ...]]
MESSAGES: Registry[Reader] = Registry("HL7 message", __name__)
