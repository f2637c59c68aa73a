"""
Learns how rare the frequent words of a language are, and writes mailassist/reading/words/language/learned.toml.

    python training/language_words.py TONE_TRAIN training/mails

TONE_TRAIN: a folder of <tag>.jsonl, one object with `text`, `label` and `source` a line; a word that is commoner in
hostile texts than in others is not taken. training/mails: the mails written for the project, objects with `body`. What
is learned are single words and a number, no text.
"""

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from math import log2
from pathlib import Path

OUT = Path(__file__).parent.parent / "mailassist/reading/words/language/learned.toml"
HEADER = """\
# Learned by training/language_words.py: the frequent words of a language by their rarity; under 9 stands one in 2**9.
# Counted in RTP-LX (Microsoft, MIT), XED (Helsinki-NLP, CC BY 4.0), DKHATE (CC BY 4.0), GermEval 2018 (CC BY 4.0),
# ConvAbuse (CC BY 4.0), davidson (MIT), the Russian VKontakte corpus of alla-g (MIT), and the mails written for this
# project.
"""
RENAMED = {"no": "nb"}
LEFT_OUT = {"told_br", "mlma_fr", "mail_probe_dev"}  # share-alike; full of slurs; kept for measuring
MAIL_WEIGHT = 3  # a customer's mail is what will be read; a film line is not
AT_LEAST, AT_MOST = 3, 3000  # occurrences of a word; words of a language
CIVIL_AT_LEAST = 0.6  # of the occurrences that are usual for the language to be in texts that are not hostile
WORD = re.compile(r"[^\W\d_]+")
NAME = re.compile(r"(?<=[^\W\d_] )[^\W\d_]+")


def texts(folder: Path) -> Iterator[tuple[str, str, int, bool]]:
    """Yield (tag, text, weight, whether it is civil) for what *folder* holds."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            item = json.loads(line)
            tag = RENAMED.get(path.stem, path.stem)
            if "body" in item:
                yield tag, f"{item.get('subject', '')}\n{item['body']}", MAIL_WEIGHT, item["tone"] != "hostile"
            elif item["source"] not in LEFT_OUT:
                yield tag, item["text"], 1, item["label"] == "not_hostile"


def count(folders: list[Path]) -> dict[str, Counter[str]]:
    """Return the words of each language, without those that are mostly names."""
    words: dict[str, Counter[str]] = defaultdict(Counter)
    civil: dict[str, Counter[str]] = defaultdict(Counter)
    inside: dict[str, Counter[str]] = defaultdict(Counter)
    capital: dict[str, Counter[str]] = defaultdict(Counter)
    for folder in folders:
        for tag, text, weight, is_civil in texts(folder):
            text = re.sub(r"\S*[@#/\d_]\S*", " ", text)
            for word in WORD.findall(text.lower()):
                words[tag][word] += weight
                civil[tag][word] += weight * is_civil
            for word in NAME.findall(text):
                inside[tag][word.lower()] += 1
                capital[tag][word.lower()] += word[0].isupper()
    for tag, counts in words.items():
        usual = sum(civil[tag].values()) / sum(counts.values())
        for word in [word for word in counts if civil[tag][word] < counts[word] * usual * CIVIL_AT_LEAST]:
            del counts[word]
        if tag != "de":  # where every noun has a capital
            for word in [
                w for w in counts if capital[tag][w] > inside[tag][w] / 2 and w not in {"i", "de", "dem", "deres"}
            ]:
                del counts[word]
    return words


def rarities(words: dict[str, Counter[str]]) -> dict[str, dict[int, list[str]]]:
    """Return tag -> rarity -> words. A word that another language has fifty times as often is taken to be borrowed."""
    sums = {tag: sum(counts.values()) for tag, counts in words.items()}
    found: dict[str, dict[int, list[str]]] = {}
    for tag, counts in words.items():
        found[tag] = defaultdict(list)
        for word, occurrences in counts.most_common(AT_MOST):
            chance = occurrences / sums[tag]
            elsewhere = max(other[word] / sums[name] for name, other in words.items())
            if occurrences >= AT_LEAST and chance * 50 > elsewhere:
                found[tag][round(-log2(chance))].append(word)
    return found


def main() -> None:
    found = rarities(count([Path(argument) for argument in sys.argv[1:]]))
    lines = [HEADER]
    for tag in sorted(found):
        lines.append(f"\n[{tag}]")
        lines += [f"{rarity} = '{' '.join(sorted(found[tag][rarity]))}'" for rarity in sorted(found[tag])]
    OUT.write_text("\n".join(lines) + "\n", "utf-8")
    print({tag: sum(map(len, words.values())) for tag, words in found.items()})


if __name__ == "__main__":
    main()
