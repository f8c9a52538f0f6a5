"""Tiny media files with known contents, made by ffmpeg."""

import subprocess


def ffmpeg(*args):
    done = subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", "-threads", "1", *map(str, args)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr


def tags(values):
    return [a for key, value in values.items() for a in ("-metadata", f"{key}={value}")]


def video(path, seconds, number, **metadata):
    """A test picture with a tone; every `number` is another content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ffmpeg(
        "-f", "lavfi", "-i", f"testsrc=size=160x90:rate=5:duration={seconds}",
        "-f", "lavfi", "-i", f"sine=frequency={200 + 30 * number}:sample_rate=16000:duration={seconds}",
        "-vf", f"hue=h={37 * number}", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "24k",
        "-shortest", *tags(metadata), "-movflags", "+faststart", path,
    )  # fmt: skip
    return path


def audio(path, seconds, number, cover=None, **metadata):
    """A tone, with a picture embedded when `cover` names one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = ["-i", cover, "-map", "0:a", "-map", "1:v", "-c:v", "copy", "-disposition:v", "attached_pic", "-id3v2_version", "3"] if cover else []
    ffmpeg(
        "-f", "lavfi", "-i", f"sine=frequency={200 + 30 * number}:sample_rate=16000:duration={seconds}",
        *picture, "-b:a", "32k", *tags(metadata), path,
    )  # fmt: skip
    return path


def picture(path, colour):
    path.parent.mkdir(parents=True, exist_ok=True)
    ffmpeg("-f", "lavfi", "-i", f"color={colour}:size=600x600", "-frames:v", "1", path)
    return path
