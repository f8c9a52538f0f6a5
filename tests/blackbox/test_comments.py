"""Comments: what is accepted, what is refused, who sees what."""

import json

import pytest
from support.catalogue import make_catalogue, playlist_id, song_id
from support.client import Client, new_session, refused, succeeded
from support.server import NO_LIMITS


@pytest.fixture(scope="module")
def catalogue():
    return make_catalogue(songs=30, playlists=3)


def comment(client, text, song=song_id(1), **more):
    return client.post(f"/songs/{song}/comments", json={"text": text, **more})


def texts(client, song):
    return [c["text"] for c in client.data(f"/songs/{song}/comments", params={"limit": 100})["comments"]]


FAMILY = "👩\u200d👩\u200d👧\u200d👦"

ACCEPTED = [
    ("the document's own", "This song is so dreamy! 💕✨", None),
    ("one character", "x", None),
    ("500 characters", "word " * 99 + "words", None),
    ("500 emoji, 2,000 bytes", "💕" * 500, None),
    ("500 after trimming", "  " + "ab c " * 99 + "ab cd  ", "ab c " * 99 + "ab cd"),
    ("trimmed", " \u00a0 hi there ", "hi there"),
    ("made NFC", "cafe\u0301", "café"),
    ("500 after NFC", "e\u0301" * 500, "é" * 500),
    ("an emoji sequence", f"my {FAMILY} loves it ❤️", None),
    ("a flag and a skin tone", "🏳️\u200d🌈 👍🏽 🇮🇸", None),
    ("Arabic", "أغنية جميلة جدا", None),
    ("Persian with its non-joiner", "می\u200cخواهم", None),
    ("Japanese", "この曲が大好きです", None),
    ("Hindi", "यह गाना बहुत अच्छा है", None),
    ("markup stays text", "<script>alert('x')</script> & \"quotes\" \\ back", None),
    ("Scunthorpe", "Greetings from Scunthorpe and Penistone", None),
    ("a surname", "Dick van Dyke would dance to this", None),
    ("a drink", "Perfect with a cocktail", None),
]


@pytest.mark.parametrize("text, kept", [a[1:] for a in ACCEPTED], ids=[a[0] for a in ACCEPTED])
def test_accepted(listener, text, kept):
    made = succeeded(comment(listener, text, song_id(2)), 201)["comment"]
    assert made["text"] == (text if kept is None else kept)
    listed = listener.data(f"/songs/{song_id(2)}/comments")["comments"][0]
    assert listed == {k: v for k, v in made.items() if k != "sessionId"}


REFUSED = [
    ("empty", ""),
    ("spaces only", " \u3000\u00a0 "),
    ("501 characters", "word " * 100 + "x"),
    ("501 emoji", "💕" * 501),
    ("a NUL", "a\u0000b"),
    ("a bell", "ding\u0007"),
    ("an escape sequence", "\u001b[31mred"),
    ("a C1 control", "a\u0086b"),
    ("a right-to-left override", "abc\u202etxt.exe"),
    ("an isolate", "\u2066abc"),
    ("a zero-width space", "a\u200bb"),
    ("a byte order mark", "a\ufeffb"),
    ("a soft hyphen", "a\u00adb"),
    ("a tag character", "a\U000e0041b"),
    ("only joiners", "\u200d\u200d"),
    ("nine marks in a row", "Z" + "\u0335" * 9),
    ("profanity", "what a fucking song"),
    ("profanity in capitals", "SHIT"),
    ("profanity spaced out", "f u c k this"),
    ("profanity with dots", "f.u.c.k"),
    ("profanity stretched", "fuuuuuuck"),
    ("profanity in leetspeak", "sh1t song"),
    ("profanity in full width", "ｆｕｃｋ"),
    ("profanity in Cyrillic letters", "ѕhіt"),
    ("profanity under accents", "fúck"),
]


@pytest.mark.parametrize("text", [r[1] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_refused(listener, text):
    before = texts(listener, song_id(3))
    refused(comment(listener, text, song_id(3)), 400, "invalid_text")
    assert texts(listener, song_id(3)) == before


def test_the_sentence_about_length_is_the_documents(listener):
    assert refused(comment(listener, ""), 400, "invalid_text") == "Comment text must be between 1 and 500 characters"


BODIES = [
    ("no body", b""),
    ("no JSON", b"{text:'x'}"),
    ("half JSON", b'{"text":"x"'),
    ("two values", b'{"text":"x"}{"text":"y"}'),
    ("an array", b'["x"]'),
    ("a string", b'"x"'),
    ("null", b"null"),
    ("bad UTF-8", b'{"text":"\xff\xfe"}'),
    ("overlong UTF-8", b'{"text":"\xc0\xaf"}'),
    ("a surrogate in UTF-8", b'{"text":"\xed\xa0\x80"}'),
    ("too deep", b'{"text":' + b"[" * 5000 + b"]" * 5000 + b"}"),
]


@pytest.mark.parametrize("body", [b[1] for b in BODIES], ids=[b[0] for b in BODIES])
def test_a_body_that_is_no_json_object(listener, body):
    answer = listener.post(f"/songs/{song_id(3)}/comments", content=body, headers={"Content-Type": "application/json"})
    refused(answer, 400, "invalid_json")


@pytest.mark.parametrize("body", [{}, {"text": 5}, {"text": None}, {"text": ["x"]}, {"text": {"a": "b"}}, {"Text": "x"}])
def test_a_body_without_a_text(listener, body):
    answer = listener.post(f"/songs/{song_id(3)}/comments", json=body)
    assert answer.status_code == 400
    assert "text" in answer.json()["error"].lower()


def test_a_lone_surrogate_is_no_text(listener):
    answer = listener.post(
        f"/songs/{song_id(3)}/comments", content=b'{"text":"a \\ud800 b"}', headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 400


def test_an_escaped_emoji_is_the_emoji(listener):
    answer = listener.post(
        f"/songs/{song_id(4)}/comments", content=b'{"text":"\\ud83d\\udc95 ok"}', headers={"Content-Type": "application/json"}
    )
    assert succeeded(answer, 201)["comment"]["text"] == "💕 ok"


def test_json_may_say_its_charset(listener):
    answer = listener.post(
        f"/songs/{song_id(4)}/comments", content=b'{"text":"fine"}', headers={"Content-Type": "Application/JSON; charset=utf-8"}
    )
    succeeded(answer, 201)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonp"])
def test_other_content_types_are_415(listener, kind):
    answer = listener.post(f"/songs/{song_id(4)}/comments", content=b'{"text":"hi"}', headers={"Content-Type": kind})
    refused(answer, 415, "unsupported_media_type")


def test_a_body_over_the_limit_is_413(listener):
    answer = listener.post(f"/songs/{song_id(4)}/comments", json={"text": "x" * 17000})
    refused(answer, 413, "body_too_large")
    body = json.dumps({"text": "fits"}).encode()
    answer = listener.post(
        f"/songs/{song_id(4)}/comments", content=body + b" " * (16384 - len(body)), headers={"Content-Type": "application/json"}
    )
    succeeded(answer, 201)


# ------------------------------------------------------------------------------------------ who sees what


def test_the_authors_answer_carries_the_session_and_no_list_does(listener, other):
    made = succeeded(comment(listener, "mine", song_id(5)), 201)["comment"]
    assert made["sessionId"] == listener.session and made["isMine"]
    assert (made["targetType"], made["targetId"]) == ("song", song_id(5))
    for client, mine in ((listener, True), (other, False)):
        answer = client.get(f"/songs/{song_id(5)}/comments")
        seen = answer.json()["data"]["comments"][0]
        assert seen["_id"] == made["_id"] and seen["isMine"] is mine
        assert "sessionId" not in seen
    assert listener.session not in other.get(f"/songs/{song_id(5)}/comments").text


def test_a_name_is_stable_and_differs(station, listener):
    names = {succeeded(comment(listener, f"number {n}", song_id(n)), 201)["comment"]["author"] for n in (6, 7, 8)}
    assert len(names) == 1
    assert names == {listener.data("/sessions/me")["author"]}
    others = set()
    for _ in range(8):
        with Client(station, session=new_session()) as c:
            others.add(succeeded(comment(c, "hello", song_id(6)), 201)["comment"]["author"])
    assert len(others | names) >= 8
    assert not any(listener.session[:8] in name for name in names)


def test_a_fingerprint_is_accepted_and_never_shown(listener, curator):
    answer = comment(listener, "with a print", song_id(9), userFingerprint="fp-secret-1234")
    succeeded(answer, 201)
    assert "fp-secret" not in answer.text
    assert "fp-secret" not in listener.get(f"/songs/{song_id(9)}/comments").text
    assert "fp-secret" not in curator.get("/admin/comments").text


@pytest.mark.parametrize("value", [5, ["x"], {"a": 1}, "x" * 257])
def test_a_fingerprint_that_does_not_fit_is_named(listener, value):
    answer = comment(listener, "hello", song_id(9), userFingerprint=value)
    assert answer.status_code == 400 and "userFingerprint" in answer.json()["error"]


def test_newest_first_page_by_page(listener):
    made = [succeeded(comment(listener, f"number {n}", song_id(10)), 201)["comment"] for n in range(25)]
    seen, cursor, sizes = [], None, []
    while True:
        params = {"limit": 10} | ({"cursor": cursor} if cursor else {})
        page = listener.data(f"/songs/{song_id(10)}/comments", params=params)
        seen += page["comments"]
        sizes.append(len(page["comments"]))
        cursor = page["nextCursor"]
        if not cursor:
            break
    assert sizes == [10, 10, 5]
    assert [c["_id"] for c in seen] == [c["_id"] for c in reversed(made)]


def test_a_comment_made_meanwhile_does_not_shift_the_pages(listener):
    for n in range(6):
        succeeded(comment(listener, f"number {n}", song_id(11)), 201)
    first = listener.data(f"/songs/{song_id(11)}/comments", params={"limit": 3})
    succeeded(comment(listener, "the late one", song_id(11)), 201)
    second = listener.data(f"/songs/{song_id(11)}/comments", params={"limit": 3, "cursor": first["nextCursor"]})
    assert [c["text"] for c in first["comments"] + second["comments"]] == [f"number {n}" for n in range(5, -1, -1)]


@pytest.mark.parametrize("name, value", [("limit", "0"), ("limit", "x"), ("cursor", "gibberish"), ("cursor", "f" * 300)])
def test_a_parameter_that_does_not_fit_is_named(listener, name, value):
    assert name in refused(listener.get(f"/songs/{song_id(10)}/comments", params={name: value}), 400, "invalid_parameter")


def test_limit_of_comments_is_served_up_to_a_hundred(listener):
    for n in range(101):
        succeeded(comment(listener, f"number {n}", song_id(12)), 201)
    page = listener.data(f"/songs/{song_id(12)}/comments", params={"limit": 500})
    assert len(page["comments"]) == 100 and page["nextCursor"]
    assert len(listener.data(f"/songs/{song_id(12)}/comments")["comments"]) == 20


def test_comments_of_playlists_are_apart_from_those_of_songs(listener):
    made = succeeded(listener.post(f"/playlists/{playlist_id(1)}/comments", json={"text": "what a list"}), 201)["comment"]
    assert (made["targetType"], made["targetId"]) == ("playlist", playlist_id(1))
    page = listener.data(f"/playlists/{playlist_id(1)}/comments")
    assert [c["text"] for c in page["comments"]] == ["what a list"] and page["nextCursor"] is None
    assert listener.data(f"/playlists/{playlist_id(2)}/comments")["comments"] == []


# ---------------------------------------------------------------------------------------------- moments


def moments(client, around, song, **params):
    page = client.data(f"/songs/{song}/comments", params={"around": around, **params})
    assert page["nextCursor"] is None
    return [c["atMs"] for c in page["comments"]]


def length_ms(client, song):
    return client.data(f"/songs/{song}")["duration"] * 1000


def test_a_moment_comes_back_in_every_answer_and_its_absence_too(listener, other, curator):
    made = succeeded(comment(listener, "the drop!", song_id(20), atMs=83_500), 201)["comment"]
    whole = succeeded(comment(listener, "all of it", song_id(20)), 201)["comment"]
    assert made["atMs"] == 83_500 and "atMs" not in whole
    seen = other.data(f"/songs/{song_id(20)}/comments")["comments"]
    assert [c.get("atMs") for c in seen] == [None, 83_500] and "atMs" not in seen[0]
    kept = {c["_id"]: c for c in curator.data("/admin/comments", params={"limit": 2})["comments"]}
    assert kept[made["_id"]]["atMs"] == 83_500 and "atMs" not in kept[whole["_id"]]


def test_around_gives_fifteen_seconds_either_side_in_the_songs_order(listener, other):
    for at in (60_000, 30_000, 45_000, 29_999, 60_001, 45_000):
        succeeded(comment(listener, f"at {at}", song_id(21), atMs=at), 201)
    succeeded(comment(listener, "about the whole", song_id(21)), 201)
    assert moments(other, 45_000, song_id(21)) == [30_000, 45_000, 45_000, 60_000]
    assert moments(other, 44_999, song_id(21)) == [29_999, 30_000, 45_000, 45_000]
    assert moments(other, 0, song_id(21)) == []
    assert moments(other, 86_400_000, song_id(21)) == []
    assert moments(other, 45_000, song_id(21), cursor="of no meaning here") == [30_000, 45_000, 45_000, 60_000]
    assert moments(other, 45_000, song_id(22)) == []


def test_of_many_moments_the_newest_are_kept(listener):
    for n in range(25):
        succeeded(comment(listener, f"number {n}", song_id(23), atMs=24_000 - n * 1000), 201)
    assert moments(listener, 12_000, song_id(23), limit=3) == [0, 1000, 2000]
    assert moments(listener, 12_000, song_id(23)) == [n * 1000 for n in range(20)]
    assert len(moments(listener, 12_000, song_id(23), limit=500)) == 25


def test_a_hidden_moment_is_not_shown(listener, curator):
    made = succeeded(comment(listener, "hide me", song_id(24), atMs=0), 201)["comment"]
    assert moments(listener, 0, song_id(24)) == [0]
    succeeded(curator.patch(f"/admin/comments/{made['_id']}", json={"isHidden": True}))
    assert moments(listener, 0, song_id(24)) == []
    succeeded(curator.patch(f"/admin/comments/{made['_id']}", json={"isHidden": False}))
    assert moments(listener, 0, song_id(24)) == [0]


def test_a_moment_may_be_the_songs_first_and_last_and_no_later(listener):
    length = length_ms(listener, song_id(25))
    for at in (0, length):
        assert succeeded(comment(listener, "an end of it", song_id(25), atMs=at), 201)["comment"]["atMs"] == at
    for at in (-1, length + 1, 86_400_000, 10**30):
        assert "atMs" in refused(comment(listener, "nowhere", song_id(25), atMs=at), 400, "invalid_parameter")
    assert texts(listener, song_id(25)) == ["an end of it"] * 2


@pytest.mark.parametrize("value", ["1000", 1.5, True, None, [1], {"ms": 1}])
def test_a_moment_that_is_no_whole_number_is_named(listener, value):
    assert "atMs" in refused(comment(listener, "hello", song_id(26), atMs=value), 400, "invalid_parameter")
    assert texts(listener, song_id(26)) == []


@pytest.mark.parametrize("value", ["", "-1", "1.5", "x", "86400001", "9" * 40])
def test_an_around_that_does_not_fit_is_named(listener, value):
    answer = listener.get(f"/songs/{song_id(26)}/comments", params={"around": value})
    assert "around" in refused(answer, 400, "invalid_parameter")


def test_a_playlist_has_no_moments(listener):
    path = f"/playlists/{playlist_id(2)}/comments"
    assert "atMs" in refused(listener.post(path, json={"text": "hello", "atMs": 5}), 400, "invalid_parameter")
    assert "around" in refused(listener.get(path, params={"around": "5"}), 400, "invalid_parameter")
    assert listener.data(path)["comments"] == []


def test_moments_survive_a_kill(make_station):
    station = make_station(make_catalogue(songs=3, playlists=1), *NO_LIMITS)
    with station, Client(station, session=new_session()) as client:
        succeeded(comment(client, "kept", song_id(1), atMs=5_000), 201)
        station.kill()
    with station, Client(station) as client:
        assert moments(client, 0, song_id(1)) == [5_000]


# ----------------------------------------------------------------------------------------- without a session


def test_a_comment_without_a_session_belongs_to_the_one_that_is_returned(station, stranger):
    answer = comment(stranger, "who am I", song_id(13))
    made = succeeded(answer, 201)["comment"]
    assert made["sessionId"] == answer.headers["x-session-id"]
    with Client(station, session=made["sessionId"]) as client:
        assert client.data(f"/songs/{song_id(13)}/comments")["comments"][0]["isMine"]


def test_a_hidden_comment_is_gone_at_once_for_listeners_and_can_come_back(listener, other, curator):
    made = succeeded(comment(listener, "hide me", song_id(14)), 201)["comment"]
    assert texts(other, song_id(14)) == ["hide me"]
    changed = succeeded(curator.patch(f"/admin/comments/{made['_id']}", json={"isHidden": True}))
    assert changed["isHidden"] and changed["text"] == "hide me"
    assert texts(other, song_id(14)) == [] == texts(listener, song_id(14))
    hidden = curator.data("/admin/comments", params={"isHidden": "true"})["comments"]
    assert made["_id"] in [c["_id"] for c in hidden] and all(c["isHidden"] for c in hidden)
    assert made["_id"] not in [c["_id"] for c in curator.data("/admin/comments", params={"isHidden": "false"})["comments"]]
    succeeded(curator.patch(f"/admin/comments/{made['_id']}", json={"isHidden": False}))
    assert texts(other, song_id(14)) == ["hide me"]


def test_moderation_sees_all_comments_newest_first_and_no_session(listener, curator):
    for n in range(3):
        succeeded(comment(listener, f"for moderation {n}", song_id(15 + n)), 201)
    answer = curator.get("/admin/comments", params={"limit": 3})
    page = answer.json()["data"]
    assert [c["text"] for c in page["comments"]] == [f"for moderation {n}" for n in (2, 1, 0)]
    assert listener.session not in answer.text
    following = curator.data("/admin/comments", params={"limit": 3, "cursor": page["nextCursor"]})
    assert not {c["_id"] for c in page["comments"]} & {c["_id"] for c in following["comments"]}


def test_changing_a_comment_that_is_not_there(curator):
    refused(curator.patch("/admin/comments/abc", json={"isHidden": True}), 400, "invalid_id")
    refused(curator.patch("/admin/comments/" + "0" * 24, json={"isHidden": True}), 404, "comment_not_found")


@pytest.mark.parametrize("body", [{}, {"isHidden": "yes"}, {"isHidden": None}])
def test_changing_a_comment_needs_a_yes_or_no(listener, curator, body):
    made = succeeded(comment(listener, "stay", song_id(18)), 201)["comment"]
    answer = curator.patch(f"/admin/comments/{made['_id']}", json=body)
    assert answer.status_code == 400 and "isHidden" in answer.json()["error"]
