"""Texts that are all different and that no word filter takes for something else, as it may with digits."""

import itertools
import secrets

ALPHABET = "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa".split()
_numbers = itertools.count()


def different_text():
    """Never the same twice, in this run or another."""
    return " ".join(ALPHABET[int(digit, 16)] for digit in f"{next(_numbers):x}{secrets.token_hex(5)}")
