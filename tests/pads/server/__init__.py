"""Hosts of pads on loopback, one file each, faithful to what the real ones answer, with named misbehaviours.

`HedgeDoc`, `Docs`, `Etherpad` and `Files` are context managers. `pads` is what they hold, by identifier; a test changes
it as people change a pad. `misbehaviours[identifier]` names what goes wrong with that pad (`MISBEHAVIOURS`).
"""

from tests.pads.server.docs import Docs
from tests.pads.server.etherpad import Etherpad
from tests.pads.server.files import Files
from tests.pads.server.hedgedoc import HedgeDoc
from tests.pads.server.misbehaviour import MISBEHAVIOURS
from tests.pads.server.site import PadSite

__all__ = ["MISBEHAVIOURS", "Docs", "Etherpad", "Files", "HedgeDoc", "PadSite"]
