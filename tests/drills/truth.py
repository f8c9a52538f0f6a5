"""Reads the servers themselves, not through nodes, and holds them against the ledger: Redis (every session's ZSCORE, counters, the
plays' keys), MongoDB (likers, numbers, comments, the timeline); then asks every node."""

import json
import time
from dataclasses import dataclass, field

import pymongo
from ledger import Liked, key_of, play_key
from stage import cluster

FORGIVEN_LIKES_S = 3.0  # what an emptied Redis may take along: the worker drains every second
NODES_AGREE_S = 15  # numbers of all nodes are compared every 10 s
KEPT_KEYS = 200  # of plays that were verified, to be looked at again


@dataclass
class Findings:
    lost: list = field(default_factory=list)
    doubled: list = field(default_factory=list)
    differing: list = field(default_factory=list)
    forgiven: list = field(default_factory=list)  # lost as docs/durability.md says

    def bad(self):
        return [*self.lost, *self.doubled, *self.differing]


class Truth:
    def __init__(self, stage, ledger):
        self.stage, self.ledger = stage, ledger
        self.first_slot = None

    def compare(self):
        """After a sync, while nobody asks anything. What was in doubt is settled by what the servers say."""
        found = Findings()
        for sentence, told_at in self.ledger.surprises:
            (found.forgiven if self.may_be_forgotten(told_at) else found.lost).append(sentence)
        self.ledger.surprises.clear()
        with (
            self.stage.redis_client(decode_responses=True) as self.redis,
            pymongo.MongoClient(self.stage.mongo_url(), serverSelectionTimeoutMS=15_000) as client,
        ):
            self.mongo = client.get_database()
            self.likes(found)
            self.plays(found)
            self.comments(found)
            self.numbers(found)
            self.timeline(found)
        self.nodes(found)
        self.ledger.synced_at = self.ledger.emptied_at = None
        return found

    def excused(self, at, since):
        """Whether Redis was emptied on purpose so soon after that the change may be lost."""
        return self.ledger.emptied_at is not None and since <= at <= self.ledger.emptied_at + 1

    def may_be_forgotten(self, told_at):
        return self.excused(told_at, (self.ledger.emptied_at or 0) - FORGIVEN_LIKES_S)

    def likes(self, found):
        for target, people in self.ledger.likes.items():
            scores = {sid for sid in people if self.redis.zscore(key_of(target, "likers"), sid) is not None}
            for sid, known in people.items():
                there = sid in scores
                if there == known.state or known.doubtful:
                    continue
                what = f"{'like' if known.state else 'unlike'} of {target} by {sid}"
                (found.forgiven if self.may_be_forgotten(known.at) else found.lost).append(what)
            all_likers = set(self.redis.zrange(key_of(target, "likers"), 0, -1))
            found.doubled += [f"{sid} likes {target}, and never said so" for sid in all_likers - set(people)]
            stored = {one["session"] for one in self.mongo.likers.find({"_id": {"$gt": f"{target}:", "$lt": f"{target};"}, "liked": True})}
            if stored != all_likers:
                found.differing.append(f"likers of {target}: only Redis {all_likers - stored}, only MongoDB {stored - all_likers}")
            for sid, known in people.items():
                people[sid] = Liked(sid in all_likers, known.at)

    def plays(self, found):
        for song, plays in self.ledger.plays.items():
            total = int(self.redis.get(key_of(song, "plays")) or 0)
            counted, kept = total - plays.base, {}
            told = [at for _, at in plays.told.values() if at is not None]
            if self.ledger.emptied_at is None:
                there = [key for key, (sid, _) in plays.told.items() if self.redis.exists(play_key(song, sid, key))]
                missing = [key for key, (_, at) in plays.told.items() if at is not None and key not in set(there)]
                found.lost += [f"play of {song} with the key {key}" for key in missing]
                found.lost += [f"plays of {song}: {len(there)} keys, {counted} counted"] * max(0, len(there) - counted)
                found.doubled += [f"plays of {song}: {len(there)} keys, {counted} counted"] * max(0, counted - len(there))
                kept = {key: (plays.told[key][0], 0.0) for key in there[-KEPT_KEYS:]}
            else:
                # Its keys are gone as well: only numbers are left to compare.
                sure = sum(not self.excused(at, self.ledger.synced_at) for at in told)
                found.lost += [f"plays of {song}: {sure} acknowledged, {counted} counted"] * max(0, sure - counted)
                found.forgiven += [f"a play of {song}"] * max(0, len(told) - max(counted, sure))
                found.doubled += [f"plays of {song}: {len(plays.told)} asked, {counted} counted"] * max(0, counted - len(plays.told))
            plays.base, plays.told = total - len(kept), kept

    def comments(self, found):
        texts = list(self.ledger.comments)
        for begin in range(0, len(texts), 1000):
            chunk, seen = texts[begin : begin + 1000], {}
            for one in self.mongo.comments.find({"text": {"$in": chunk}}, {"text": 1}):
                seen[one["text"]] = seen.get(one["text"], 0) + 1
            for text in chunk:
                if self.ledger.comments[text] and text not in seen:
                    found.lost.append(f"comment '{text}'")
                if seen.get(text, 0) > 1:
                    found.doubled.append(f"comment '{text}' is there {seen[text]} times")
        self.ledger.comments.clear()

    def numbers(self, found):
        """Likers = counter = MongoDB, and what is counted otherwise too."""
        self.shown = {}
        for collection, kind, plays in (("songs", "song", "plays"), ("playlists", "playlist", "views")):
            base_plays = f"base{plays.capitalize()}"
            for record in self.mongo[collection].find():
                target = f"{kind}:{record['_id']}"
                likers = self.redis.zcard(key_of(target, "likers"))
                counted = [int(self.redis.get(key_of(target, what)) or 0) for what in ("likes", plays)]
                stored = [record["likes"] - record["baseLikes"], record[plays] - record[base_plays]]
                if not likers == counted[0] or counted != stored:
                    found.differing.append(f"{target}: {likers} likers, Redis counts {counted}, MongoDB {stored} (likes, {plays})")
                self.shown[str(record["_id"])] = (record["baseLikes"] + likers, record[base_plays] + counted[1])

    def timeline(self, found):
        slots = list(self.mongo.timeline.find({"_id": {"$gte": self.first_slot or 0}}).sort("_id", 1))
        for one, two in zip(slots, slots[1:]):
            if two["_id"] != one["_id"] + 1 or two["startsAt"] != one["endsAt"]:
                found.differing.append(f"timeline: slot {one['_id']} ends at {one['endsAt']}, slot {two['_id']} begins at {two['startsAt']}")
        if slots:
            self.first_slot = slots[max(0, len(slots) - 20)]["_id"]

    def nodes(self, found):
        """All answer alike; for numbers, as soon as they have compared."""
        end = time.monotonic() + NODES_AGREE_S
        while differing := self.nodes_differ():
            if time.monotonic() > end:
                found.differing += differing
                return
            time.sleep(0.3)

    def nodes_differ(self):
        differing, streams = [], {}
        for node in self.stage.nodes:
            def data(path, node=node):
                status, body = cluster.fetch(node.url() + path)
                return json.loads(body)["data"] if status == 200 else {}

            stream = data("/v1/radio/stream")
            now = stream.get("nowPlaying") or {}
            streams[node.name] = [(one.get("seq"), one.get("_id"), one.get("startedAt")) for one in [now, *stream.get("queue", [])]]
            for song in data("/v1/songs?limit=100").get("songs", [{}]):
                if (song.get("likes"), song.get("plays")) != self.shown.get(song.get("_id")):
                    differing.append(f"{node.name} shows {song.get('likes')} likes, {song.get('plays')} plays of {song.get('_id')}: "
                                     f"they are {self.shown.get(song.get('_id'))}")  # fmt: skip
        if len({str(one) for one in streams.values()}) != 1:
            differing.append(f"streams differ: {streams}")
        return differing
