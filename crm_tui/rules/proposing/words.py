"""Months, weekdays and numbers in Spanish, Polish, French and English, folded, with their inflections."""

from __future__ import annotations


def _table(lines: str) -> dict[str, int]:
    found = {}
    for line in lines.strip().splitlines():
        number, words = line.split(":")
        found.update(dict.fromkeys(words.split(), int(number)))
    return found


MONTHS = _table("""
1: enero ene january jan janvier janv styczen stycznia styczniu stycz sty
2: febrero feb february fevrier fev fevr luty lutego lutym lut
3: marzo march mars marzec marca marcu
4: abril abr april apr avril avr kwiecien kwietnia kwietniu kwi
5: mayo may mai maj maja maju
6: junio jun june juin czerwiec czerwca czerwcu cze
7: julio jul july juillet juil lipiec lipca lipcu lip
8: agosto ago august aug aout sierpien sierpnia sierpniu sie
9: septiembre setiembre sept sep september septembre wrzesien wrzesnia wrzesniu wrz
10: octubre oct october octobre pazdziernik pazdziernika pazdzierniku paz
11: noviembre nov november novembre listopad listopada listopadzie
12: diciembre dic december dec decembre grudzien grudnia grudniu gru
""")
WEEKDAYS = _table("""
0: lunes monday mon lundi poniedzialek poniedzialku
1: martes tuesday tues tue mardi wtorek wtorku
2: miercoles wednesday wed mercredi sroda srode srody
3: jueves thursday thurs thur thu jeudi czwartek czwartku
4: viernes friday fri vendredi piatek piatku
5: sabado saturday sat samedi sobota sobote soboty
6: domingo sunday sun dimanche niedziela niedziele niedzieli
""")
NUMBERS = _table("""
1: one a un uno una une jeden jedna jedno jednej jednego jedną
2: two dos deux dwa dwie dwoje dwojga dwoch dwojgiem dwojke dwojki dwojka dwiema dwojgu
3: three tres trois trzy troje trojga trojke trojki trojka trzech trojgiem trzema
4: four cuatro quatre cztery czworo czworke czworki czterech czworga czworgiem czterema
5: five cinco cinq piec pieciu piecioro pieciorga
6: six seis szesc szesciu szescioro
7: seven siete sept siedem siedmiu siedmioro
8: eight ocho huit osiem osmiu osmioro
9: nine nueve neuf dziewiec dziewieciu
10: ten diez dix dziesiec dziesieciu
11: eleven once onze jedenascie jedenastu
12: twelve doce douze dwanascie dwunastu
14: catorce quatorze fourteen czternascie czternastu
15: quince quinze fifteen pietnascie pietnastu
""")


def alternatives(words: dict[str, int]) -> str:
    """A pattern of all the words, the longest first."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


MONTH = f"(?:{alternatives(MONTHS)})"
WEEKDAY = f"(?:{alternatives(WEEKDAYS)})"
NUMBER = rf"(?:\d{{1,3}}|{alternatives(NUMBERS)})"


def number(word: str) -> int:
    """The number that a word or some digits stand for."""
    return int(word) if word.isdecimal() else NUMBERS[word]
