#!/usr/bin/env python3
"""Writes tests/data/profanity_refuse.txt: what the comments' profanity filter must refuse.

    python3 tools/make_refused_corpus.py > tests/data/profanity_refuse.txt

A handful of words in every disguise that people use, then whole comments written by hand.
"""

import unicodedata

WORDS = ["fuck", "fucking", "shit", "bitch", "cunt", "asshole", "motherfucker", "nigger", "faggot", "whore", "bullshit"]
LEET = str.maketrans({"a": "4", "e": "3", "i": "1", "o": "0", "s": "5", "t": "7"})
SIGNS = str.maketrans({"a": "@", "i": "!", "s": "$"})
CYRILLIC = str.maketrans({"a": "а", "c": "с", "e": "е", "o": "о", "k": "к", "i": "і", "s": "ѕ", "h": "һ", "t": "т", "u": "υ", "b": "Ь"})


def shifted(first):
    return lambda word: "".join(chr(ord(first) + ord(letter) - ord("a")) for letter in word)


def starred(word):
    return word[0] + "".join("*" if letter in "aeiou" else letter for letter in word[1:])


DISGUISES = {
    "as it is": lambda w: w,
    "loud": str.upper,
    "mixed case": lambda w: "".join(c.upper() if i % 2 else c for i, c in enumerate(w)),
    "spaces": " ".join,
    "dots": ".".join,
    "hyphens": "-".join,
    "underscores": "_".join,
    "stars between": "*".join,
    "hearts between": "💕".join,
    "spaced dots": " . ".join,
    "capitals, spaced": lambda w: " ".join(w.upper()),
    "drawn out": lambda w: w[:2] + w[2] * 5 + w[3:],
    "ending drawn out": lambda w: w + w[-1] * 4,
    "digits": lambda w: w.translate(LEET),
    "signs": lambda w: w.translate(SIGNS),
    "stars for vowels": starred,
    "hash for vowels": lambda w: starred(w).replace("*", "#"),
    "one gap": lambda w: w[:2] + " " + w[2:],
    "gap before the last": lambda w: w[:-1] + " " + w[-1],
    "hyphen inside": lambda w: w[:2] + "-" + w[2:],
    "full width": lambda w: "".join(chr(ord(c) - 0x20 + 0xFF00) for c in w),
    "bold": shifted("𝐚"),
    "script": shifted("𝓪"),
    "circled": shifted("ⓐ"),
    "squared": shifted("🄰"),
    "regional": lambda w: "\u200a".join(shifted("🇦")(w)),
    "accents": lambda w: unicodedata.normalize("NFC", "".join(c + "\u0301" for c in w)),
    "marks piled up": lambda w: unicodedata.normalize("NFC", "".join(c + "\u0336\u0321" for c in w)),
    "other alphabets": lambda w: w.translate(CYRILLIC),
    "digits, spaced": lambda w: " ".join(w.translate(LEET)),
    "hash tag": lambda w: "#" + w,
    "mention": lambda w: "@" + w,
    "quoted": lambda w: f"“{w}”",
    "shouted": lambda w: w + "!!!",
    "numbered": lambda w: w + "99",
    "possessive": lambda w: w + "'s",
    "in a sentence": lambda w: f"this song is {w}, honestly",
}

WRITTEN = """
f**k this
f***
F*** off
what the f***
f***ing brilliant
f*cking hell
f#ck
f@ck you
fu*k
fck this
fcking good
fcuk
phuck
phuck off
fvck
fuq
fuk u
fu ck
f uck
fuc k
f u c king
fuckkkk
fuuuuuuck
FUUUUUCK
fuck2
whatthefuck
WhatTheFuck
thisfuckingsong
absofuckinglutely
unfuckingbelievable
clusterfuck
mindfuck
fucktard
motherf*cker
mother fucker
mother-fucker
m0therfuck3r
muthafucka
MOFO
sh1t
sh!t
$h1t
5h1t
$#!t? shit
sh*t
s**t
s***
sh1tty song
shiiiiiit
shitshow
shit show
dogshit
dog shit
horse shit
batshit crazy
bull shit
b.u.l.l.s.h.i.t
b*llsh*t
utter shite
shithead
shit-head
shitposting shit
holy shit
Holy Shit!
b1tch
b!tch
bi7ch
b*tch
biatch
beeyotch
bitchy
son of a bitch
sonofabitch
bitches be like
stupid bitch
b i t c h
btch
c*nt
c u n t
cunty
cunts
(cunt)
a$$hole
@sshole
@$$hole
a55hole
4sshole
ass
your ass
kiss my ass
a s s
a.s.s
dumb ass
@ss
a$$
ass hole
ass-hole
arsehole
arse
asshat
asswipe
dick
my dick
suck my dick
Suck my Dick
SUCK MY DICK
what a dick
you dick
big Dick
d1ck
d!ck
d*ck
d i c k
dickhead
dick head
d1ckhead
dicks
dick pic
cock
my cock
suck my cock
c0ck
c*ck
cocksucker
cock sucker
c0cksucker
cocks
pussy
pu$$y
p*ssy
pussies
grab them by the pussy
cum
c.u.m
cumshot
cumslut
jizz
j1zz
tits
show us your tits
t1ts
titties
t i t s
slut
sluts
s1ut
sl*t
slutty
you slut
whore
wh0re
w h o r e
wh*re
whores
nigga
n1gga
n1gg3r
n!gger
n*gger
n****r
n i g g e r
n-i-g-g-a
niggaz
fag
fags
f4g
f4gg0t
faggots
f@ggot
retard
retarded
r3tard
you retard
kike
spic
gook
chink
chinks
wetback
raghead
towel head
paki
wog
tranny
shemale
wanker
w4nker
wank
w*nker
w a n k e r
wanking
twat
tw4t
tw*t
twats
prick
what a prick
bollocks
bastard
b4stard
piss off
pissed off
p1ss
pissing about
knobhead
bellend
blowjob
blow job
bl0wj0b
handjob
hand job
dildo
penis
p3nis
p e n i s
stfu
gtfo
kys
kcuf
fuсk
ѕhit
сunt
bіtch
аsshole
ꜰᴜᴄᴋ
ｆｕｃｋ
𝕗𝕦𝕔𝕜
𝖋𝖚𝖈𝖐
fυck
ƒuck
fµck
fůčk
ßhit? shit
š̌hit
ⓢⓗⓘⓣ
🅵🆄🅲🅺
🖕
🖕🖕🖕
Arschloch
arschloch!
A r s c h l o c h
Hurensohn
HURENSOHN
Fick dich
fick-dich
Scheiße
scheisse
Scheißlied
ficken
Wichser
W1chser
Fotze
Schlampe
Missgeburt
verpiss dich
putain de merde
Putain
merde
connard
c o n n a r d
salope
enculé
Enculé!
encule
nique ta mère
fils de pute
FDP
pédé
va te faire foutre
branleur
casse-couilles
hijo de puta
Hijo de Puta
h i j o d e p u t a
hijueputa
puta madre
la puta que te parió
mierda
M1erda
coño
gilipollas
cabrón
pendejo
maricón
chinga tu madre
vete a la mierda
joder
malparido
caralho
foda-se
filho da puta
porra
merda
buceta
viado
cazzo
Vaffanculo
vaffanculo a tutti
stronzo
puttana
coglione
minchia
kurwa
k u r w a
kurwa mać
spierdalaj
pierdolony
jebać
chuj
klootzak
kankerhoer
vittu
orospu çocuğu
siktir
хуй
пизда
пиздец
блядь
блять
ебать
ёбаный
заебись
нахуй
пошёл на хуй
мудак
пидор
сука
сука блять
操你妈
傻逼
他妈的
死ね
씨발
개새끼
병신
madarchod
bhenchod
putang ina
putangina mo
"""


def main():
    print("# Made by tools/make_refused_corpus.py; every line must be refused by the profanity filter.")
    print("# Lines that begin with '# ' are comments. It is as ugly as it has to be.")
    for name, disguise in DISGUISES.items():
        print(f"# Disguise: {name}")
        for word in WORDS:
            print(disguise(word))
    print("# Written by hand")
    print("\n".join(line for line in WRITTEN.strip().splitlines()))


if __name__ == "__main__":
    main()
