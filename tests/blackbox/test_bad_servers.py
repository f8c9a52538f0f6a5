"""Servers that a station must not be run on: `serve` and `check` say which and what to do, before anything is served."""

import subprocess
import uuid

import pytest
from support import stores
from support.certificates import make_certificates, tls_redis, tls_replica_set
from support.server import StartFailed, Station, run

pytestmark = [
    pytest.mark.distributed_only("an embedded station leans on no server"),
    pytest.mark.skipif(stores.MODE == "cluster", reason="the same servers and sentences as with one Redis; the Cluster's own are in distributed_test"),
]

SECRET = "s3cret-pass"


class Good:
    """A Redis and a MongoDB with which nothing is wrong."""

    def __init__(self, redis, mongo):
        self.redis, self.mongo = redis, mongo

    def env(self, redis=None, mongo=None):
        return {
            "POPRADIO_STORE_REDIS": self.redis.url if redis is None else redis,
            "POPRADIO_STORE_MONGO": self.mongo.url(f"bad-{uuid.uuid4().hex}") if mongo is None else mongo,
        }


@pytest.fixture(scope="module")
def good():
    good = Good(stores.Redis(), stores.ReplicaSet())
    yield good
    good.redis.remove()
    good.mongo.remove()


@pytest.fixture(autouse=True)
def of_no_station(good):
    good.redis.cli("FLUSHALL")


@pytest.fixture
def started():
    """Remembers servers of the test and ends them."""
    servers = []
    yield lambda server: servers.append(server) or server
    for server in servers:
        server.remove()


def says(tmp_path, env, *words, fault=True, silent=(SECRET,)):
    """Both verbs say it; `serve` does not listen."""
    station = Station(tmp_path / "data", env=env)
    station.data.mkdir(exist_ok=True)
    checked = run("check", "--data", station.data, env=env)
    with pytest.raises(StartFailed) as failure:
        station.start()
        station.kill()
    assert checked.returncode == 1 and failure.value.code == 1
    for said in (failure.value.stderr, checked.stdout):
        for word in words:
            assert word in said, f"{word!r} is not in: {said}"
        for word in silent:
            assert word not in said
    errors = [line for line in checked.stdout.splitlines() if line.startswith("error")]
    assert errors, checked.stdout
    return failure.value.stderr


def serves(tmp_path, env):
    with Station(tmp_path / "data", env=env):
        pass
    done = run("check", "--data", tmp_path / "data", env=env)
    return done


# ------------------------------------------------------------------------------------------------ addresses


@pytest.mark.parametrize("address", ["localhost:6379", "http://localhost", "redis://", "redis://host:99999", "redis://host/?cluster=perhaps"])
def test_an_address_that_is_no_redis(tmp_path, good, address):
    says(tmp_path, good.env(redis=address), "store.redis")


@pytest.mark.parametrize("address", ["localhost:27017", "http://localhost", "mongodb://", f"mongodb://user:{SECRET}@host:99999/x"])
def test_an_address_that_is_no_mongodb(tmp_path, good, address):
    says(tmp_path, good.env(mongo=address), "store.mongo")


def test_one_of_the_two_is_missing(tmp_path, good):
    for missing in ("POPRADIO_STORE_REDIS", "POPRADIO_STORE_MONGO"):
        says(tmp_path, good.env() | {missing: ""}, "store.redis", "store.mongo")


def test_nobody_listens_there(tmp_path, good):
    port = stores.free_port()
    says(tmp_path, good.env(redis=f"redis://127.0.0.1:{port}"), f"Redis at 127.0.0.1:{port}", "Check the address in store.redis")
    says(tmp_path, good.env(mongo=f"mongodb://127.0.0.1:{port}/x?replicaSet=popradio"), f"MongoDB at 127.0.0.1:{port}", "store.mongo")


def test_a_host_that_does_not_exist(tmp_path, good):
    says(tmp_path, good.env(redis="redis://redis.invalid:6379"), "redis.invalid", "store.redis")
    says(tmp_path, good.env(mongo="mongodb://mongo.invalid/x?replicaSet=popradio"), "mongo.invalid", "store.mongo")


# --------------------------------------------------------------------------------------------------- logins


def test_redis_and_its_password(tmp_path, good, started):
    redis = started(stores.Redis("--requirepass", SECRET))
    host = f"127.0.0.1:{redis.port}"
    says(tmp_path, good.env(redis=f"redis://{host}"), host, "password", "store.redis")
    says(tmp_path, good.env(redis=f"redis://:wr0ng-{SECRET[::-1]}@{host}"), host, "password", "store.redis", silent=[SECRET, SECRET[::-1]])
    says(tmp_path, good.env(redis=f"redis://nobody:{SECRET}@{host}"), host, "user or the password", "store.redis")
    assert serves(tmp_path, good.env(redis=f"redis://:{SECRET}@{host}")).returncode == 0


def test_a_redis_user_who_may_do_too_little(tmp_path, good, started):
    redis = started(stores.Redis())
    redis.cli("ACL", "SETUSER", "reader", "on", f">{SECRET}", "~*", "&*", "+ping", "+client")
    says(tmp_path, good.env(redis=f"redis://reader:{SECRET}@127.0.0.1:{redis.port}"), "NOPERM", "ACL SETUSER")


def test_mongodb_and_its_password(tmp_path, good, started):
    key = tmp_path / "key"
    key.write_text("b3" * 30)
    key.chmod(0o600)
    mongo = started(stores.ReplicaSet(arguments=("--keyFile", key), login=("station", SECRET)))
    host = f"127.0.0.1:{mongo.members[0].port}"
    end = f"@{host}/x?replicaSet=popradio&authSource=admin"
    says(tmp_path, good.env(mongo=f"mongodb://station:wr0ng{end}"), host, "user or the password in store.mongo", silent=["wr0ng"])
    says(tmp_path, good.env(mongo=f"mongodb://nobody:{SECRET}{end}"), host, "user or the password in store.mongo")
    says(tmp_path, good.env(mongo=f"mongodb://{host}/x?replicaSet=popradio"), host, "user or the password in store.mongo")
    says(tmp_path, good.env(mongo=f"mongodb://station:{SECRET}@{host}/x?replicaSet=popradio"), host, "authSource")
    assert serves(tmp_path, good.env(mongo=f"mongodb://station:{SECRET}{end}")).returncode == 0


# -------------------------------------------------------------------------------------------- certificates


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return make_certificates(tmp_path_factory.mktemp("certificates"))


def test_redis_and_its_certificate(tmp_path, good, certificates, started):
    redis, elsewhere = started(tls_redis(certificates)()), started(tls_redis(certificates, "elsewhere")())
    host = f"127.0.0.1:{redis.port}"
    says(tmp_path, good.env(redis=f"rediss://{host}"), host, "certificate", "ca_file")
    says(tmp_path, good.env(redis=f"rediss://{host}?ca_file={certificates}/other-ca.pem"), host, "certificate", "ca_file")
    says(tmp_path, good.env(redis=f"rediss://127.0.0.1:{elsewhere.port}?ca_file={certificates}/ca.pem"), f"127.0.0.1:{elsewhere.port}", "certificate", "host name")
    says(tmp_path, good.env(redis=f"rediss://{host}?ca_file={certificates}/nothing.pem"), f"{certificates}/nothing.pem")
    says(tmp_path, good.env(redis=f"rediss://127.0.0.1:{good.redis.port}?ca_file={certificates}/ca.pem"), f"127.0.0.1:{good.redis.port}", "TLS")
    says(tmp_path, good.env(redis=f"redis://{host}"), host, "store.redis")
    assert serves(tmp_path, good.env(redis=f"rediss://{host}?ca_file={certificates}/ca.pem")).returncode == 0


def test_mongodb_and_its_certificate(tmp_path, good, certificates, started):
    mongo = started(tls_replica_set(certificates))
    host = f"127.0.0.1:{mongo.members[0].port}"
    says(tmp_path, good.env(mongo=mongo.url("x", "&tls=true")), host, "tlsCAFile")
    says(tmp_path, good.env(mongo=mongo.url("x", f"&tls=true&tlsCAFile={certificates}/other-ca.pem")), host, "tlsCAFile")
    says(tmp_path, good.env(mongo=mongo.url("x", f"&tls=true&tlsCAFile={certificates}/nothing.pem")), "store.mongo", "tlsCAFile")
    says(tmp_path, good.env(mongo=mongo.url("x")), host, "tls=true")
    assert serves(tmp_path, good.env(mongo=mongo.url("x", f"&tls=true&tlsCAFile={certificates}/ca.pem"))).returncode == 0


# ------------------------------------------------------------------------------------- what a server is like


def test_a_redis_that_throws_keys_away(tmp_path, good, started):
    redis = started(stores.Redis("--maxmemory-policy", "allkeys-lru"))
    says(tmp_path, good.env(redis=redis.url), f"127.0.0.1:{redis.port}", "allkeys-lru", "noeviction")


def test_a_redis_that_remembers_nothing(tmp_path, good, started):
    redis = started(stores.Redis("--appendonly", "no"))
    says(tmp_path, good.env(redis=redis.url), f"127.0.0.1:{redis.port}", "appendonly yes")


def test_a_redis_that_leaves_it_to_the_kernel_is_only_told_of(tmp_path, good, started):
    redis = started(stores.Redis("--appendfsync", "no"))
    done = serves(tmp_path, good.env(redis=redis.url))
    assert done.returncode == 0 and "appendfsync everysec" in done.stdout


def test_a_replica_of_redis(tmp_path, good, started):
    redis = started(stores.Redis("--replicaof", "127.0.0.1", good.redis.port))
    says(tmp_path, good.env(redis=redis.url), f"127.0.0.1:{redis.port}", "replica", "primary")


def test_replicas_that_are_not_there(tmp_path, good, started):
    redis = started(stores.Redis())
    env = good.env(redis=redis.url) | {"POPRADIO_STORE_REDIS_REPLICAS": "1"}
    says(tmp_path, env, f"127.0.0.1:{redis.port}", "0 replicas", "store.redis_replicas")


def test_one_of_a_cluster_taken_for_all(tmp_path, good, started):
    redis = started(stores.Redis(cluster=True))
    redis.cli("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
    says(tmp_path, good.env(redis=redis.url), f"127.0.0.1:{redis.port}", "Cluster", "cluster=true")


def test_a_redis_taken_for_a_cluster(tmp_path, good):
    says(tmp_path, good.env(redis=good.redis.url + "?cluster=true"), f"127.0.0.1:{good.redis.port}", "store.redis")


def test_a_mongodb_alone(tmp_path, good, started):
    mongo = started(stores.Mongod(replica_set=None))
    for options in ("", "?directConnection=true"):
        says(tmp_path, good.env(mongo=f"mongodb://127.0.0.1:{mongo.port}/x{options}"), f"127.0.0.1:{mongo.port}", "--replSet", "rs.initiate()")


def test_a_replica_set_that_nobody_initiated(tmp_path, good, started):
    mongo = started(stores.Mongod())
    says(tmp_path, good.env(mongo=f"mongodb://127.0.0.1:{mongo.port}/x?replicaSet=popradio"), f"127.0.0.1:{mongo.port}", "rs.initiate()")


def test_another_replica_set(tmp_path, good):
    host = f"127.0.0.1:{good.mongo.members[0].port}"
    says(tmp_path, good.env(mongo=f"mongodb://{host}/x?replicaSet=another"), host, "replicaSet=")


def test_a_station_of_a_newer_program(tmp_path, good):
    env = good.env()
    assert serves(tmp_path, env).returncode == 0
    name = env["POPRADIO_STORE_MONGO"].split("/")[3].split("?")[0]
    with good.mongo.members[0].client() as client:
        client[name].station.update_one({"_id": "schema"}, {"$set": {"version": 99}})
        says(tmp_path, env, name, "newer PopRadio", "schema 99")
        client[name].station.update_one({"_id": "schema"}, {"$set": {"version": 1}})
    assert serves(tmp_path, env).returncode == 0


def test_a_redis_and_a_mongodb_of_two_stations(tmp_path, good):
    one, two = good.env(), good.env()
    assert serves(tmp_path, one).returncode == 0
    says(tmp_path, two, f"127.0.0.1:{good.redis.port}", "another station", "FLUSHALL")
    good.redis.cli("FLUSHALL")
    assert serves(tmp_path, two).returncode == 0


# --------------------------------------------------------------------------------------------------- clocks


@pytest.fixture(scope="module")
def skew(tmp_path_factory):
    """A library under a server that moves its wall clock by SKEW_MS."""
    folder = tmp_path_factory.mktemp("skew")
    (folder / "skew.c").write_text(r"""
        #define _GNU_SOURCE
        #include <stdlib.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>
        static long long skew_ms(void) { const char* ms = getenv("SKEW_MS"); return ms ? atoll(ms) : 0; }
        int clock_gettime(clockid_t id, struct timespec* t) {
          int result = (int)syscall(SYS_clock_gettime, id, t);
          if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE) {
            long long ns = t->tv_sec * 1000000000LL + t->tv_nsec + skew_ms() * 1000000LL;
            t->tv_sec = ns / 1000000000LL;
            t->tv_nsec = ns % 1000000000LL;
          }
          return result;
        }
        int gettimeofday(struct timeval* t, void* zone) {
          (void)zone;
          struct timespec now;
          clock_gettime(CLOCK_REALTIME, &now);
          t->tv_sec = now.tv_sec;
          t->tv_usec = now.tv_nsec / 1000;
          return 0;
        }
        time_t time(time_t* out) {
          struct timespec now;
          clock_gettime(CLOCK_REALTIME, &now);
          if (out) *out = now.tv_sec;
          return now.tv_sec;
        }
    """)
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", folder / "skew.so", folder / "skew.c"], check=True)
    return lambda seconds: {"LD_PRELOAD": str(folder / "skew.so"), "SKEW_MS": str(round(seconds * 1000))}


@pytest.mark.parametrize("seconds, words", [(30, "s ahead of"), (-5, "s behind")])
def test_redis_with_another_time(tmp_path, good, started, skew, seconds, words):
    redis = started(stores.Redis(env=skew(seconds)))
    says(tmp_path, good.env(redis=redis.url), f"Redis at 127.0.0.1:{redis.port}", words, "NTP")


@pytest.mark.parametrize("seconds, words", [(30, "s ahead of"), (-5, "s behind")])
def test_mongodb_with_another_time(tmp_path, good, started, skew, seconds, words):
    mongo = started(stores.ReplicaSet(env=skew(seconds)))
    says(tmp_path, good.env(mongo=mongo.url("x")), f"MongoDB at 127.0.0.1:{mongo.members[0].port}", words, "NTP")


def test_a_small_difference_is_only_told_of(tmp_path, good, started, skew):
    redis = started(stores.Redis(env=skew(1.2)))
    done = serves(tmp_path, good.env(redis=redis.url))
    assert done.returncode == 0 and "NTP" in done.stdout, done.stdout
