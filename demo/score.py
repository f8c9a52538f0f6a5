"""Reads the demo station's scores: one text file per song, played by synth/ and drawn by pictures/.

A score is a head of `key: value` lines, `voice` lines, `section` blocks and an `order`:

    tempo: 126                     quarters a minute; a section may say tempo=140 or tempo=120>170
    bar: 16                        sixteenths in a bar
    beat: 4                        sixteenths in a beat: what the pictures bounce to
    voice lead pulse gain=.8 pan=-.2 oct=5 reverb=.2 delay=.3 duck=.4
    section verse bars=4
    chords: Am E7 Am:8 E/G#:8 Am   a bar each, or :N sixteenths; [c4,e4,g4] is a chord with its notes written out
    lead: e5:2 d#5 r:4 c5+e5:8! |  notes, with :N sixteenths (kept until changed); ! loud, ? soft; | must fall on a bar line
    bass: ~ 1:2 1 5 1              a pattern of the chord's tones, repeated: 1 root, 2 the next..., b the bass note, * the whole chord
    kick: x...x...x...x...         one sign a sixteenth, repeated: x hit, X accent, o soft, . none
    echo: = lead -12 late=8        another voice's line, transposed by semitones, so many sixteenths later
    order: verse verse

`name*.5:` plays a line at half its gain, `name: -` leaves it out. `section x bars=4 open=.2>1` sweeps the low-pass filter
over everything but the drums, `like=verse` starts from another section's lines, `transpose=2` lifts all of it. Every line of a section must fill it exactly; a voice without a line is silent there.
"""

import re
import sys
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

DRUMS = {"kick", "snare", "clap", "hat", "open", "crash", "tom", "shaker", "click", "riser", "fall"}
VOICES = {"pulse", "square", "triangle", "saws", "pluck", "bell", "keys", "box", "pad", "strings", "bass", "sub", "organ", "lead", "harp",
          "choir"}
LOWEST, HIGHEST = 24, 108
TAIL_SECONDS = 2.6

STEPS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
CHORDS = {"": (0, 4, 7), "m": (0, 3, 7), "7": (0, 4, 7, 10), "maj7": (0, 4, 7, 11), "m7": (0, 3, 7, 10), "dim": (0, 3, 6),
          "dim7": (0, 3, 6, 9), "sus4": (0, 5, 7), "sus2": (0, 2, 7), "6": (0, 4, 7, 9), "m6": (0, 3, 7, 9), "add9": (0, 4, 7, 14),
          "m7b5": (0, 3, 6, 10), "9": (0, 4, 10, 14), "7sus4": (0, 5, 7, 10), "5": (0, 7, 12), "maj9": (0, 4, 11, 14), "aug": (0, 4, 8)}


class ScoreError(ValueError):
    """A score that cannot be played; the message names the file, the section and the line."""


@dataclass
class Voice:
    name: str
    instrument: str
    gain: float = 0.7
    pan: float = 0.0
    octave: int = 4
    reverb: float = 0.15
    delay: float = 0.0
    duck: float = 0.0


@dataclass
class Section:
    name: str
    bars: int
    tempo: tuple | None
    open: tuple
    transpose: int
    lines: dict = field(default_factory=dict)


@dataclass
class Note:
    voice: str
    at: Fraction       # sixteenths from the song's start
    length: Fraction   # sixteenths
    pitch: int         # MIDI number; 0 for a drum
    velocity: float


@dataclass
class Score:
    path: Path
    head: dict
    voices: dict
    sections: dict
    order: list
    notes: list = field(default_factory=list)
    spans: list = field(default_factory=list)  # (section, start, end) in sixteenths

    @property
    def bar(self):
        return int(self.head["bar"])

    @property
    def length(self):
        return self.spans[-1][2]

    def seconds(self, at):
        """Seconds from the start at so many sixteenths; a ramp is stepped by sixteenths, so that it is exact and simple."""
        at = Fraction(at)
        whole = int(at)
        clock = self._clock()
        if whole >= len(clock) - 1:
            return clock[-1] + float(at - (len(clock) - 1)) * (clock[-1] - clock[-2])
        return clock[whole] + float(at - whole) * (clock[whole + 1] - clock[whole])

    def _clock(self):
        if not hasattr(self, "_times"):
            times, now, base = [0.0], 0.0, float(self.head["tempo"])
            for name, start, end in self.spans:
                tempo = self.sections[name].tempo or (base, base)
                for k in range(start, end):
                    bpm = tempo[0] + (tempo[1] - tempo[0]) * (k - start) / max(1, end - start - 1)
                    now += 15.0 / bpm
                    times.append(now)
            self._times = times
        return self._times


def pitch_of(text):
    found = re.fullmatch(r"([a-g])(##|#|bb|b)?(-?\d)", text)
    if not found:
        raise ScoreError(f"'{text}' is no note")
    shift = {None: 0, "#": 1, "##": 2, "b": -1, "bb": -2}[found[2]]
    return 12 * (int(found[3]) + 1) + STEPS[found[1]] + shift


def chord_of(text):
    """(bass pitch class, [semitones above C...], absolute?) of e.g. `F#m7/C#`, or of notes written out: `[c4,e4,g4]`."""
    if text.startswith("["):
        notes = [pitch_of(n) for n in text.strip("[]").split(",")]
        return notes[0] % 12, notes, True
    found = re.fullmatch(r"([A-G])(#|b)?([^/]*)(?:/([A-G])(#|b)?)?", text)
    if not found or found[3] not in CHORDS:
        raise ScoreError(f"'{text}' is no chord")
    shift = {None: 0, "#": 1, "b": -1}
    root = (STEPS[found[1].lower()] + shift[found[2]]) % 12
    bass = (STEPS[found[4].lower()] + shift[found[5]]) % 12 if found[4] else root
    return bass, [root + k for k in CHORDS[found[3]]], False


def _tokens(text):
    """(word, length, velocity) of each token; lengths carry over. A bar line yields None."""
    length = Fraction(4)
    for word in text.split():
        if word == "|":
            yield None
            continue
        velocity = 0.78
        if word[-1] in "!?":
            velocity = 1.0 if word[-1] == "!" else 0.5
            word = word[:-1]
        if ":" in word:
            word, given = word.split(":")
            length = Fraction(given)
        if length <= 0:
            raise ScoreError(f"'{word}' has no length")
        yield word, length, velocity


def _chord_line(text, bar, total):
    out, at = [], Fraction(0)
    for word in text.split():
        if word == "|":
            continue
        name, _, given = word.partition(":")
        length = Fraction(given) if given else Fraction(bar)
        out.append((at, at + length, chord_of(name)))
        at += length
    if at != total:
        raise ScoreError(f"chords fill {at} of {total} sixteenths")
    return out


def _melody(text, bar, total):
    notes, at = [], Fraction(0)
    for token in _tokens(text):
        if token is None:
            if at % bar:
                raise ScoreError(f"bar line after {at} sixteenths, {at % bar} into a bar")
            continue
        word, length, velocity = token
        if word != "r":
            notes += [(at, length, pitch_of(p), velocity) for p in word.split("+")]
        at += length
    if at != total:
        raise ScoreError(f"notes fill {at} of {total} sixteenths")
    return notes


def _tones(word, chord, octave):
    bass, tones, absolute = chord
    base = 12 * (octave + 1)
    if word == "b":
        return [base + bass]
    if word == "*":  # folded into one octave, so that voices move little from chord to chord
        return sorted({base + 7 + (t - 7) % 12 for t in tones})
    if not word.isdigit() or word == "0":
        raise ScoreError(f"'{word}' is no chord tone")
    k = int(word) - 1
    return [(0 if absolute else base) + tones[k % len(tones)] + 12 * (k // len(tones))]


def _pattern(text, chords, octave, total):
    words = [t for t in _tokens(text) if t]
    size = sum(t[1] for t in words)
    if size == 0 or total % size:
        raise ScoreError(f"a pattern of {size} sixteenths does not divide {total}")
    notes, at = [], Fraction(0)
    while at < total:
        for word, length, velocity in words:
            if word != "r":
                chord = next((c for start, end, c in chords if start <= at < end), None)
                if chord is None:
                    raise ScoreError("a pattern needs chords")
                for part in word.split("+"):
                    notes += [(at, length, p, velocity) for p in _tones(part, chord, octave)]
            at += length
    return notes


def _grid(text, total):
    signs = text.replace(" ", "").replace("|", "")
    if not signs or set(signs) - set("xXo.") or total % len(signs):
        raise ScoreError(f"drum line '{text}' must be x, X, o and . and divide {total}")
    loud = {"x": 0.8, "X": 1.0, "o": 0.45}
    return [(Fraction(k), Fraction(1), 0, loud[signs[k % len(signs)]]) for k in range(total) if signs[k % len(signs)] != "."]


def _pair(text):
    parts = [float(x) for x in text.split(">")]
    return (parts[0], parts[-1])


def _section_notes(score, section):
    total = section.bars * score.bar
    chords = _chord_line(section.lines["chords"][0], score.bar, total) if "chords" in section.lines else []
    done, waiting = {}, [n for n, (text, _) in section.lines.items() if n != "chords" and text != "-"]
    while waiting:
        # A copy waits for the line it copies, wherever that stands.
        ready = [n for n in waiting if not section.lines[n][0].startswith("=") or section.lines[n][0][1:].split()[0] in done]
        if not ready:
            raise ScoreError(f"{score.path.name}, section {section.name}: nothing to copy for {', '.join(waiting)}")
        for name in ready:
            text, gain = section.lines[name]
            try:
                notes = _line_notes(score, name, text, chords, done, total)
            except ScoreError as error:
                raise ScoreError(f"{score.path.name}, section {section.name}, {name}: {error}") from error
            done[name] = notes
            waiting.remove(name)
            for at, length, pitch, velocity in notes:
                yield Note(name, at, length, pitch and pitch + section.transpose, velocity * gain)


def _line_notes(score, name, text, chords, done, total):
    if name not in score.voices:
        raise ScoreError("no such voice")
    voice = score.voices[name]
    if text.startswith("="):
        words = text[1:].split()
        shift = next((int(w) for w in words[1:] if re.fullmatch(r"[+-]\d+", w)), 0)
        late = next((Fraction(w[5:]) for w in words[1:] if w.startswith("late=")), Fraction(0))
        return [(a + late, n, p + shift, v) for a, n, p, v in done[words[0]] if a + late + n <= total]
    if voice.instrument in DRUMS:
        return _grid(text, total)
    if text.startswith("~"):
        return _pattern(text[1:], chords, voice.octave, total)
    return _melody(text, score.bar, total)


def load(path):
    path = Path(path)
    score = Score(path, {}, {}, {}, [])
    section, last = None, None
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.lstrip().startswith("//"):
            continue
        if line[0] == " " and last:
            section.lines[last] = (section.lines[last][0] + " " + line.strip(), section.lines[last][1])
        elif line.startswith("voice "):
            _, name, instrument, *options = line.split()
            given = dict(o.split("=") for o in options)
            if instrument not in DRUMS | VOICES:
                raise ScoreError(f"{path.name}: no instrument '{instrument}'")
            voice = Voice(name, instrument, octave=int(given.pop("oct", 4)))
            for key, value in given.items():
                if not hasattr(voice, key):
                    raise ScoreError(f"{path.name}: voice {name} has no '{key}'")
                setattr(voice, key, float(value))
            score.voices[name] = voice
        elif line.startswith("section "):
            _, name, *options = line.split()
            given = dict(o.split("=") for o in options)
            section = Section(name, int(given["bars"]), _pair(given["tempo"]) if "tempo" in given else None,
                              _pair(given.get("open", "1")), int(given.get("transpose", 0)))
            if "like" in given:
                section.lines.update(score.sections[given["like"]].lines)
            score.sections[name], last = section, None
        else:
            key, _, text = line.partition(":")
            key, text = key.strip(), text.strip()
            if key == "order":
                score.order = text.split()
            elif section is None:
                score.head[key] = text
            else:
                name, _, gain = key.partition("*")
                section.lines[name] = (text, float(gain or 1))
                last = name
    at = 0
    for name in score.order:
        if name not in score.sections:
            raise ScoreError(f"{path.name}: no section '{name}'")
        section = score.sections[name]
        for note in _section_notes(score, section):
            note.at += at
            score.notes.append(note)
        score.spans.append((name, at, at + section.bars * score.bar))
        at = score.spans[-1][2]
    for note in score.notes:
        if note.pitch and not LOWEST <= note.pitch <= HIGHEST:
            raise ScoreError(f"{path.name}: {note.voice} leaves the range with {note.pitch}")
    return score


def performance(score):
    """The score on the clock, one tab-separated line each: what synth and pictures read."""
    rows = [("song", score.path.stem), ("title", score.head["title"]), ("artist", score.head["artist"]), ("tune", score.head["tune"]),
            ("tempo", score.head["tempo"]), ("end", f"{score.seconds(score.length) + TAIL_SECONDS:.6f}")]
    index = {}
    for k, v in enumerate(score.voices.values()):
        index[v.name] = k
        rows.append(("voice", v.name, v.instrument, v.gain, v.pan, v.reverb, v.delay, v.duck))
    for name, start, end in score.spans:
        low, high = score.sections[name].open
        rows.append(("section", name, f"{score.seconds(start):.6f}", f"{score.seconds(end):.6f}", low, high))
    beat = int(score.head.get("beat", 4))
    rows += [("beat", f"{score.seconds(k):.6f}", int(k % score.bar == 0)) for k in range(0, score.length + 1, beat)]
    for n in sorted(score.notes, key=lambda n: (n.at, index[n.voice], n.pitch)):
        start, end = score.seconds(n.at), score.seconds(n.at + n.length)
        rows.append(("note", index[n.voice], f"{start:.6f}", f"{end - start:.6f}", n.pitch, f"{n.velocity:.3f}"))
    return "".join("\t".join(str(x) for x in row) + "\n" for row in rows)


if __name__ == "__main__":
    sys.stdout.write(performance(load(sys.argv[1])))
