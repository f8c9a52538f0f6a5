"""Event streams by the hundred thousand: the phases of `./dev bench listeners` and `./dev bench fanout`."""
import contextlib
import json
import os
import pathlib
import re
import statistics
import subprocess
import threading
import time

from harness import NO_LIMITS, ROOT, SESSION, cpu_seconds, folder, free_port, get, import_catalogue, make_catalogue, process, resident_kib, station

CLIENTS = pathlib.Path(os.environ.get("POPRADIO_BENCH_CLIENTS", ROOT / "build" / "bench"))
PEER_LISTENERS = 10_000
EVENTS = 10
EVENT_PAUSE_S = 2.0  # longer than the rest after a broadcast, so that each event begins a broadcast of its own
TRAFFIC_RATE, TRAFFIC_SECONDS, TRAFFIC_ROUNDS = 1000, 20, 3
SONG_SECONDS = 3600  # one song plays throughout
PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024
# The listeners stand for other machines: their processes run when nobody else wants a core, and an event counts as arrived
# when the kernel has it for the listener's socket, or, for one in fifty, when it was read. What measures latency comes before the server, or it would measure how
# long it waited for a core itself; without the right to that it says so and goes on.
TRAFFIC_NICE = "-5"
# Said to be Centrifugo's own figure; not measured here, and the page where they give it was not found again.
CENTRIFUGO_QUOTED = "10.9 KB"


def median(values):
    return statistics.median(values)


def load_average():
    return os.getloadavg()[0]


def kernel_kib():
    """Memory the kernel holds for sockets and their files: slabs, page tables left out, and socket buffers."""
    slab = int(re.search(r"^Slab:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text(), re.M)[1])
    buffers = int(re.search(r"^TCP: .* mem (\d+)", pathlib.Path("/proc/net/sockstat").read_text(), re.M)[1])
    return slab, buffers * PAGE_KIB


def tree_cpu_seconds(pid):
    """A process and the children that it has not waited for."""
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return cpu_seconds(pid) + sum(cpu_seconds(child) for child in children)


class Crowd:
    """A running listeners_client whose listeners have joined."""

    def __init__(self, running, joined):
        self.running, self.joined = running, joined

    def ask(self, line):
        self.running.stdin.write(line + "\n")
        self.running.stdin.flush()
        answer = self.running.stdout.readline()
        if not answer:
            raise SystemExit("bench: the listeners' client has ended")
        return json.loads(answer)

    def publish(self, path, body):
        event = self.ask(f"publish {path} {body}")
        if event["status"] // 100 != 2:
            raise SystemExit(f"bench: publishing was answered {event['status']}")
        return event

    def cpu_seconds(self):
        return tree_cpu_seconds(self.running.pid)


@contextlib.contextmanager
def crowd(port, listeners, path="/v1/radio/events", rate=6000):
    command = [CLIENTS / "listeners_client", "--port", port, "--listeners", listeners, "--path", path, "--rate", rate,
               "--witnesses", listeners // 50, "--seconds", 900]
    with process(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        line = running.stdout.readline()
        if not line:
            raise SystemExit("bench: the listeners' client did not start")
        yield Crowd(running, json.loads(line))


class Disk(threading.Thread):
    """What the folder's disk takes for a commit meanwhile, with nobody else's code: likes and comments wait for it."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.path, self.times, self.over = path, [], threading.Event()

    def run(self):
        with open(self.path / "disk-probe", "wb", buffering=0) as file:
            while not self.over.wait(0.1):
                began = time.monotonic()
                file.write(b"x" * 4096)
                os.fdatasync(file.fileno())
                self.times.append((time.monotonic() - began) * 1000)

    def finish(self):
        self.over.set()
        self.join()
        times = sorted(self.times)
        return {"p50": times[len(times) // 2], "p99": times[len(times) * 99 // 100]} if times else {"p50": 0.0, "p99": 0.0}


class Station:
    """A station with songs of an hour, ready for a crowd."""

    def __init__(self, running, url, songs):
        self.running, self.url, self.songs = running, url, songs
        self.pid, self.port, self.rounds = running.pid, int(url.rsplit(":", 1)[1]), 0

    def playing(self):
        _, body = get(self.url + "/v1/radio/stream", {"X-Session-Id": SESSION})
        return json.loads(body)["data"]["nowPlaying"]["_id"]

    def comment(self, among):
        return among.publish(f"/v1/songs/{self.playing()}/comments", '{"text":"So dreamy %"}')

    def traffic(self, seconds):
        self.rounds += 1  # the seed: other sessions like in each round
        command = ["nice", "-n", TRAFFIC_NICE, CLIENTS / "traffic_client", "--port", self.port, "--playing", self.playing(),
                   "--songs", self.songs, "--rate", TRAFFIC_RATE, "--seconds", seconds, "--seed", self.rounds]
        return subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=None, text=True)


@contextlib.contextmanager
def crowded_station(connections):
    with folder() as scratch:
        ids = make_catalogue(scratch / "songs.json", 300, seconds=SONG_SECONDS)
        (scratch / "ids").write_text("\n".join(ids) + "\n")
        import_catalogue(scratch / "data", scratch / "songs.json")
        with station(scratch / "data", *NO_LIMITS, f"--http.max_connections={connections + 1000}", core=None, threads=0) as (running, url):
            yield Station(running, url, scratch / "ids")


@contextlib.contextmanager
def sse_peer():
    port = free_port()
    with process(["node", ROOT / "bench" / "peer" / "sse.js", port], stdout=subprocess.PIPE, text=True) as running:
        if running.stdout.readline().strip() != "ready":
            raise SystemExit("bench: the peer did not start")
        yield running, port


class Memory:
    """Of the server and of the kernel, now."""

    def __init__(self, pid):
        self.resident = resident_kib(pid)
        self.slab, self.buffers = kernel_kib()

    def print_growth(self, name, after, count, kernel=True):
        """`kernel`: not when a crowd has just left, whose slabs the kernel may still be giving back."""
        print(f"  {name:<13} user memory {(after.resident - self.resident) * 1024 / count:7,.0f} bytes per listener ({self.resident / 1024:.1f} to {after.resident / 1024:.1f} MiB resident)")
        if not kernel:
            return
        print(f"  {'':<13} kernel {(after.slab - self.slab) / count:5.2f} KiB of slabs and {(after.buffers - self.buffers) / count:.2f} KiB of socket buffers per connection, both of its ends together")


def print_joined(name, joined):
    wanted = " (wanted: under 60 s, none)" if joined["joined"] + joined["failed"] >= 100_000 else ""
    print(f"  {name:<13} {joined['joined']:,} joined in {joined['seconds']:.1f} s, {joined['failed']} failed{wanted}; client: {joined['processes']} processes")


def check_nobody_left(among):
    state = among.ask("state")
    if state["lost"]:
        print(f"  LOST: {state['lost']} listeners were closed by the server")


def publish_several(publish, running_pid, among, count=EVENTS):
    """Events one by one; returns them, and the CPU seconds of server and client for each."""
    publish()  # the first one of a connection also connects
    time.sleep(EVENT_PAUSE_S)
    server, client = cpu_seconds(running_pid), among.cpu_seconds()
    events = []
    for _ in range(count):
        events.append(publish())
        time.sleep(EVENT_PAUSE_S)
    return events, (cpu_seconds(running_pid) - server) / count, (among.cpu_seconds() - client) / count


def print_events(name, events, wanted="", crowded=False):
    """`crowded`: events follow each other so closely that only the witnesses know when each one came."""
    last_of = "witnessed_last_ms" if crowded else "last_ms"
    last = sorted(event[last_of] for event in events)
    missing = sum(event["listening"] - event["heard"] for event in events)
    print(f"  {name:<13} answer to last listener: median {median(last):.0f} ms, worst {last[-1]:.0f} ms{wanted}; "
          f"half of them after {median([e['witnessed_median_ms' if crowded else 'median_ms'] for e in events]):.0f} ms; {len(events)} events, {missing} not heard")
    print(f"  {'':<13} answer itself: median {median([e['answer_ms'] for e in events]):.1f} ms; "
          + ("that is, to the last of the witnesses, one listener in fifty, who read at once" if crowded else
             f"the last of the witnesses (one in fifty, who read at once) had read it after: median {median([e['witnessed_last_ms'] for e in events]):.0f} ms"))


def print_cpu(name, listeners, server, client):
    scale = 1e6 / listeners
    print(f"  {name:<13} CPU per listener and event: server {server * scale:.2f} µs, client {client * scale:.2f} µs ({server:.3f} s and {client:.3f} s for {listeners:,})")


def traffic_rounds(at, among=None):
    """Rounds of traffic; with a crowd that is published to meanwhile. Returns the client's results and the events."""
    results, events = [], []
    for _ in range(TRAFFIC_ROUNDS):
        disk = Disk(at.songs.parent)
        disk.start()
        running = at.traffic(TRAFFIC_SECONDS)
        try:
            began = time.monotonic()
            while among and time.monotonic() - began < TRAFFIC_SECONDS - 3:
                time.sleep(EVENT_PAUSE_S)
                events.append(at.comment(among))
            results.append(json.loads(running.communicate(timeout=TRAFFIC_SECONDS + 40)[0]) | {"disk": disk.finish()})
        finally:
            disk.over.set()
            if running.poll() is None:
                running.kill()
                running.wait()
    return results, events


def print_traffic(name, results):
    errors = sum(result["errors"] for result in results)
    p99 = [result["all"]["p99"] for result in results]
    print(f"  {name:<13} {TRAFFIC_RATE:,} requests/s: p50 {median([r['all']['p50'] for r in results]):.2f} ms, p99 {median(p99):.1f} ms "
          f"(rounds: {', '.join(f'{value:.1f}' for value in p99)}; wanted: under 20), {errors} errors (wanted: 0) of {sum(r['requests'] for r in results):,}")
    reads = [max(r["kinds"][kind]["p99"] for kind in ("stream", "songs", "song")) for r in results]
    kinds = results[0]["kinds"]
    print(f"  {'':<13} reads alone: p99 {median(reads):.1f} ms (rounds: {', '.join(f'{value:.1f}' for value in reads)})")
    print(f"  {'':<13} p99 by kind: " + ", ".join(f"{kind} {median([r['kinds'][kind]['p99'] for r in results]):.1f}" for kind in kinds)
          + " ms")
    print(f"  {'':<13} of which at p99 the client's own lateness {median([r['late']['p99'] for r in results]):.1f} ms; "
          f"an fdatasync of 4 KiB on that disk meanwhile: p50 {median([r['disk']['p50'] for r in results]):.1f}, p99 {median([r['disk']['p99'] for r in results]):.1f} ms")


def bench_listeners(listeners):
    """Event streams held by one process: joining, memory, and API traffic meanwhile."""
    print(f"listeners: {listeners:,} event streams in one process, load average {load_average():.1f} before")
    with crowded_station(listeners) as at:
        at.playing()
        time.sleep(1)
        before = Memory(at.pid)
        with crowd(at.port, listeners) as among:
            time.sleep(5)
            print_joined("popradio", among.joined)
            before.print_growth("popradio", Memory(at.pid), among.joined["joined"])
            print_traffic("traffic", traffic_rounds(at)[0])
            check_nobody_left(among)
    few = min(listeners, PEER_LISTENERS)
    print(f"  at {few:,} listeners:")
    with crowded_station(few) as at:
        at.playing()
        time.sleep(1)
        before = Memory(at.pid)
        with crowd(at.port, few) as among:
            time.sleep(3)
            before.print_growth("popradio", Memory(at.pid), among.joined["joined"], kernel=False)
    with sse_peer() as (running, port):
        before = Memory(running.pid)
        with crowd(port, few) as among:
            time.sleep(3)
            before.print_growth("Node.js SSE", Memory(running.pid), among.joined["joined"], kernel=False)
    print(f"  Centrifugo    {CENTRIFUGO_QUOTED} per connection: quoted as their own figure, not measured here, source not verified")
    print(f"  load average {load_average():.1f} after")


def bench_fanout(listeners):
    """An event to everybody: time to the last listener, CPU, and API traffic meanwhile."""
    print(f"fanout: {listeners:,} listeners, load average {load_average():.1f} before")
    with crowded_station(listeners) as at, crowd(at.port, listeners) as among:
        print_joined("popradio", among.joined)
        time.sleep(5)
        events, server, client = publish_several(lambda: at.comment(among), at.pid, among)
        print_events("alone", events, " (wanted: under 500)")
        print_cpu("", listeners, server, client)
        results, events = traffic_rounds(at, among)
        print_events("with traffic", events, " (wanted: under 500)", crowded=True)
        print_traffic("traffic", results)
        check_nobody_left(among)
    few = min(listeners, PEER_LISTENERS)
    print(f"  at {few:,} listeners:")
    with crowded_station(few) as at, crowd(at.port, few) as among:
        time.sleep(3)
        events, server, client = publish_several(lambda: at.comment(among), at.pid, among)
        print_events("popradio", events)
        print_cpu("", few, server, client)
    with sse_peer() as (running, port), crowd(port, few) as among:
        time.sleep(3)
        events, server, client = publish_several(lambda: among.publish("/", '{"text":"So dreamy %"}'), running.pid, among)
        print_events("Node.js SSE", events)
        print_cpu("", few, server, client)
    print(f"  load average {load_average():.1f} after")
