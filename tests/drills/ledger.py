"""What people were told: every change that was acknowledged must be there once; one whose answer never came may be there once or not."""

import hashlib
import time
from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Liked:
    """What one session knows of one target."""

    state: bool
    at: float  # when it was told, by the monotonic clock
    doubtful: bool = False  # its last change was given up without an answer


@dataclass
class Plays:
    """Of one song: idempotency key -> (session, when it was told; None: never)."""

    told: dict = field(default_factory=dict)
    base: int = 0  # counted before these, and verified


class Ledger:
    def __init__(self):
        self.likes = defaultdict(dict)  # target -> session -> Liked
        self.plays = defaultdict(Plays)  # song -> Plays
        self.comments = {}  # text -> whether it was acknowledged
        self.acknowledged = 0
        self.surprises = []  # (sentence, when it was told otherwise): cannot be, unless something acknowledged was lost
        self.synced_at = self.emptied_at = None  # of Redis, on purpose

    def like(self, target, session, state):
        self.likes[target][session] = Liked(state, time.monotonic())
        self.acknowledged += 1

    def doubt_like(self, target, session):
        self.likes[target].setdefault(session, Liked(False, time.monotonic())).doubtful = True

    def play(self, song, session, key, told):
        self.plays[song].told[key] = (session, time.monotonic() if told else None)
        self.acknowledged += told

    def comment(self, text, told):
        self.comments[text] = told
        self.acknowledged += told

    def surprise(self, sentence, told_at=0.0):
        self.surprises.append((sentence, told_at))


def partition_of(target):
    """As src/store/distributed/keys.h: FNV-1a of the id's bytes."""
    number = 0xCBF29CE484222325
    for byte in bytes.fromhex(target.split(":")[1]):
        number = (number ^ byte) * 0x100000001B3 % 2**64
    return number % 64


def key_of(target, what):
    return f"{target}:{what}{{{partition_of(target):02}}}"


def play_key(song, session, key):
    return f"play:{song}:{session}:{hashlib.sha1(key.encode()).hexdigest()}{{{partition_of(song):02}}}"


def shard_of(target):
    """Which third of the slots, as `redis-cli --cluster create` deals them."""
    import binascii

    slot = binascii.crc_hqx(f"{partition_of(target):02}".encode(), 0) % 16384
    return min(slot // 5461, 2)
