"""Recipes of text, and of CSV and JSON."""

from __future__ import annotations

from typing import Final

from littoral.functions.code.offline.recipe import Need, Recipe

_TEXT: Final[tuple[Need, ...]] = (
    ("text", "text", ("text", "string", "sentence", "word", "input", "title", "name")),
)

TEXTS: Final[tuple[Recipe, ...]] = (
    Recipe(
        words=r"palindrom",
        needs=_TEXT,
        body=(
            "letters = [each for each in text.lower() if each.isalnum()]\nreturn letters == "
            "letters[::-1]"
        ),
    ),
    Recipe(
        words=r"\breverse\b.*\b(order of )?(the )?words|words.*\breverse",
        needs=_TEXT,
        body='return " ".join(reversed(text.split()))',
    ),
    Recipe(words=r"\breverse", needs=_TEXT, body="return text[::-1]"),
    Recipe(
        words=r"slug",
        needs=_TEXT,
        head="import re\nimport unicodedata",
        body="""
               plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
               return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
           """,
    ),
    Recipe(
        words=r"caesar|shift cipher|rot ?13",
        needs=(*_TEXT, ("shift", "number", ("shift", "key", "n"))),
        optional=frozenset({"shift"}),
        finds=lambda words, _: {
            "sign": "-" if "decod" in words.lower() or "decrypt" in words.lower() else ""
        },
        body="""
               move = $sign$(13 if shift is None else int(shift))
               made = ""
               for letter in text:
                   for first in ("a", "A"):
                       if ord(first) <= ord(letter) < ord(first) + 26:
                           letter = chr((ord(letter) - ord(first) + move) % 26 + ord(first))
                           break
                   made += letter
               return made
           """,
    ),
    Recipe(
        words=r"e-?mails?\b",
        needs=_TEXT,
        head="import re",
        without=r"\b(valid\w*|check|is)\b",
        body=r'return re.findall(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", text)',
    ),
    Recipe(
        words=r"e-?mail",
        needs=(("text", "text", ("email", "address", "text")),),
        head="import re",
        body=r'return re.fullmatch(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", text) is not None',
    ),
    Recipe(
        words=r"\burls?\b|\blinks?\b",
        needs=_TEXT,
        head="import re",
        body=r'return re.findall(r"https?://[^\s<>\"]+", text)',
    ),
    Recipe(
        words=r"hash ?tags?",
        needs=_TEXT,
        head="import re",
        body=r'return re.findall(r"#(\w+)", text)',
    ),
    Recipe(
        words=r"extract.*numbers|numbers (in|from)",
        needs=_TEXT,
        head="import re",
        body=(
            r'return [float(each) if "." in each else int(each) for each in '
            r're.findall(r"-?\d+(?:\.\d+)?", text)]'
        ),
    ),
    Recipe(
        words=r"anagram",
        needs=(("a", "text", ("a", "first", "word1")), ("b", "text", ("b", "second", "word2"))),
        body='return sorted(a.lower().replace(" ", "")) == sorted(b.lower().replace(" ", ""))',
    ),
    Recipe(
        words=(
            r"(word|words).*(frequenc|occurrence|how often|each)|(frequenc|occurrence|"
            r"count of each).*words?"
        ),
        needs=_TEXT,
        head="import re",
        body=r"""
               counts = {}
               for word in re.findall(r"[\w'’-]+", text.lower()):
                   counts[word] = counts.get(word, 0) + 1
               return counts
           """,
    ),
    Recipe(
        words=r"longest word",
        needs=_TEXT,
        head="import re",
        body=r"""return max(re.findall(r"[\w'’-]+", text), key=len, default="")""",
    ),
    Recipe(
        words=r"\b(count|number of|how many)\b.*\bwords?\b|word count",
        needs=_TEXT,
        body="return len(text.split())",
    ),
    Recipe(
        words=r"vowel\w*",
        knows=r"\b(count|how many)\b",
        needs=_TEXT,
        body='return sum(letter in "aeiou" for letter in text.lower())',
    ),
    Recipe(
        words=(
            r"(character|letter).*(frequenc|occurrence|each)|(frequenc|"
            r"count of each).*(character|letter)"
        ),
        needs=_TEXT,
        body="""
               counts = {}
               for letter in text:
                   counts[letter] = counts.get(letter, 0) + 1
               return counts
           """,
    ),
    Recipe(
        words=r"\b(count|number of|how many|length)\b.*\b(lines)\b",
        needs=_TEXT,
        body="return len(text.splitlines())",
    ),
    Recipe(
        words=(
            r"\b(count|number of|how many|length)\b.*(character|letter|string|text|length)|"
            r"^length"
        ),
        needs=_TEXT,
        body="return len(text)",
    ),
    Recipe(
        words=(
            r"csv (to|into|as) json|parse (the |a |this )?csv|read (the |a )?csv|"
            r"csv.*\b(records|objects|rows)"
        ),
        needs=(("text", "text", ("csv", "text", "data")),),
        head="import csv\nimport io",
        body="return [dict(row) for row in csv.DictReader(io.StringIO(text.strip()))]",
    ),
    Recipe(
        words=r"\bcsv\b",
        needs=(("records", "records", ("rows", "records", "data", "items")),),
        head="import csv\nimport io",
        body="""
               names = list(dict.fromkeys(name for record in records for name in record))
               out = io.StringIO()
               writer = csv.DictWriter(out, names, lineterminator="\\n")
               writer.writeheader()
               writer.writerows(records)
               return out.getvalue()
           """,
    ),
    Recipe(
        words=r"parse (the |a )?json|json (text|string) (to|into)",
        needs=(("text", "text", ("json", "text")),),
        head="import json",
        body="return json.loads(text)",
    ),
    Recipe(
        words=r"title ?case|capitali[sz]e (each|every|all|the) |capitali[sz]e.*words",
        needs=_TEXT,
        body='return " ".join(word[:1].upper() + word[1:].lower() for word in text.split(" "))',
    ),
    Recipe(
        words=r"snake[_ ]?case",
        needs=_TEXT,
        head="import re",
        body=r'return "_".join(re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", text)).lower()',
    ),
    Recipe(
        words=r"camel ?case",
        needs=_TEXT,
        head="import re",
        body=r"""
               words = re.findall(r"[A-Za-z0-9]+", text)
               return "".join(words[:1]).lower() + "".join(word.capitalize() for word in words[1:])
           """,
    ),
    Recipe(words=r"upper ?case|to upper|capital letters", needs=_TEXT, body="return text.upper()"),
    Recipe(words=r"lower ?case|to lower|small letters", needs=_TEXT, body="return text.lower()"),
    Recipe(words=r"capitali[sz]e", needs=_TEXT, body="return text.capitalize()"),
    Recipe(
        words=r"\binitials\b",
        needs=_TEXT,
        body='return "".join(word[0].upper() for word in text.split())',
    ),
    Recipe(
        words=r"(extra|multiple|double|trim|strip|collapse).*(space|whitespace)|\btrim\b",
        needs=_TEXT,
        body='return " ".join(text.split())',
    ),
    Recipe(
        words=r"truncat|shorten",
        needs=(*_TEXT, ("length", "number", ("length", "max", "limit", "n"))),
        body='return text if len(text) <= length else text[: max(0, length - 1)] + "…"',
    ),
    Recipe(words=r"binary (to|into) (decimal|number)", needs=_TEXT, body="return int(text, 2)"),
    Recipe(
        words=r"\bjoin\b",
        needs=(("texts", "list", ()), ("separator", "text", ("sep", "with", "delimiter"))),
        optional=frozenset({"separator"}),
        body='return (", " if separator is None else separator).join(str(each) for each in texts)',
    ),
    Recipe(
        words=r"\bsplit\b.*\bwords?\b|\bwords\b",
        needs=_TEXT,
        body="return text.split()",
        without="reverse",
    ),
)
