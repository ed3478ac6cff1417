"""A world in which sends happen: its clock, its chance, what its servers took, and the story of what came about.

Nothing in it is real but the engine, the pacing and the ledger: a seed gives the same world each time, second for
second.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

LONGEST_STORY = 400


class Killed(BaseException):
    """The process is gone at this instant: nothing is tidied up."""


@dataclass
class World:
    """Everything that does not die with a process. `now` is in seconds since 1970; `storm` between 0, where nothing
    goes wrong, and 1. `is_keyed`: the server knows a request that is made again by its key.
    """

    seed: int
    now: float = 1_800_000_000.0
    # How far the machine's clock is from the truth, in seconds; it may be set while a send is under way.
    skew: float = 0.0
    # The boundaries that a process passes before it is killed; `None`: it lives.
    life: int | None = None
    is_keyed: bool = False
    # By account and row: since when the server has known a key.
    known: dict[tuple[str, int], float] = field(default_factory=dict)
    taken: Counter[int] = field(default_factory=Counter)
    # How often the server took a dot and said nothing; how often a process was frozen.
    silences: int = 0
    pauses: int = 0
    story: list[str] = field(default_factory=list)
    chance: random.Random = field(init=False)
    storm: float = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.storm = self.chance.choice((0.0, 0.05, 0.2, 0.5))

    def tell(self, text: str) -> None:
        """One line more of the story."""
        self.story.append(f"{self.now - 1_800_000_000.0:12.3f} s  {text}")

    def clock(self) -> float:
        """What the machine believes the time to be."""
        return self.now + self.skew

    def monotonic(self) -> float:
        """Seconds that never jump."""
        return self.now

    def happens(self, share: float) -> bool:
        """Whether something that happens so often in a storm happens now."""
        return self.chance.random() < share * self.storm

    def boundary(self, where: str) -> None:
        """A place at which a process may be killed, or frozen for a while. Raises `Killed`."""
        if self.life is not None:
            self.life -= 1
            if self.life < 0:
                self.life = None
                self.tell(f"KILLED {where}")
                raise Killed(where)
        if self.happens(0.004):
            pause = self.chance.choice((0.7, 45.0, 700.0))
            self.pauses += 1
            self.tell(f"frozen for {pause:g} s {where}")
            self.now += pause
        if self.happens(0.004):
            # An hour may hide that a key's time is over: a limit that is told.
            hour = 300.0 if self.is_keyed else 3_600.0
            self.skew = self.chance.choice((0.0, -86_400.0, hour, 400_000.0))
            self.tell(f"the clock is set: {self.skew:+g} s")

    def told(self) -> str:
        """The end of the story, for whoever has to find out what went wrong."""
        left_out = len(self.story) - LONGEST_STORY
        before = [f"… {left_out} lines"] if left_out > 0 else []
        return "\n".join(["", f"seed {self.seed}, storm {self.storm}", *before, *self.story[-LONGEST_STORY:]])
