"""A station's content, in the format of `popradio import`."""

import json


def song_id(number):
    return f"65a0{number:020x}"


def playlist_id(number):
    return f"65b0{number:020x}"


UNKNOWN_ID = "0123456789abcdef01234567"
INACTIVE_SONG = song_id(900)
INACTIVE_PLAYLIST = playlist_id(900)

SPECIAL = [
    ("Déjà Vu", "Beyoncé", ["Pop"]),
    ("Jóga", "Björk", ["Art Pop"]),
    ("Hoppípolla", "Sigur Rós", ["Post-Rock"]),
    ("99 Luftballons auf der Straße", "Nena", ["Neue Deutsche Welle", "Pop"]),
    ("Lemon", "米津玄師", ["J-Pop"]),
    ('Quote " and \\ backslash </script>', "Tom & Jerry <b>", ["Odd"]),
]


def make_song(number, **fields):
    song = {
        "_id": song_id(number),
        "title": f"Song {number:03d}",
        "artist": f"Artist {number % 17:02d}",
        "albumArt": f"https://cdn.example.org/art/{number}.jpg",
        "videoUrl": f"https://cdn.example.org/video/{number}.mp4",
        "audioUrl": f"https://cdn.example.org/audio/{number}.mp3",
        "duration": 180 + number % 60,
        "genre": ["Pop", "Disco"] if number % 2 else ["Rock"],
        "releaseYear": 1960 + number % 60,
        "likes": (number * 37) % 101,
        "plays": (number * 53) % 997,
        "createdAt": f"2025-{1 + number // 28 % 12:02d}-{1 + number % 28:02d}T12:00:00.000Z",
    }
    song.update(fields)
    return song


def make_playlist(number, songs, **fields):
    playlist = {
        "_id": playlist_id(number),
        "title": f"Playlist {number}",
        "description": f"The playlist with the number {number}.",
        "coverImage": f"https://cdn.example.org/cover/{number}.jpg",
        "songs": songs,
        "isFeatured": False,
        "createdAt": f"2025-06-{1 + number % 28:02d}T12:00:00.000Z",
    }
    playlist.update(fields)
    return playlist


def make_catalogue(songs=64, playlists=4):
    """`songs` active ones with some odd names among them, one inactive; `playlists` active ones, two featured, one inactive."""
    records = []
    for number in range(songs):
        record = make_song(number)
        if number < len(SPECIAL):
            record["title"], record["artist"], record["genre"] = SPECIAL[number]
        records.append(record)
    records.append(make_song(900, _id=INACTIVE_SONG, title="Silent", isActive=False))
    lists = [
        make_playlist(n, [song_id((n * 5 + k * 3) % songs) for k in range(6)], isFeatured=n < 2)
        for n in range(playlists)
    ]
    if lists:
        lists[0]["songs"].insert(2, INACTIVE_SONG)
    lists.append(make_playlist(900, [song_id(1)], _id=INACTIVE_PLAYLIST, title="Closed", isActive=False, isFeatured=True))
    return {"songs": records, "playlists": lists}


def write_catalogue(path, catalogue):
    path.write_text(json.dumps(catalogue, ensure_ascii=False, indent=1))
    return path
