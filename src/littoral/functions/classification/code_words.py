"""What speaks for code: a computation whose result follows from its arguments alone."""

from __future__ import annotations

import re

from littoral.functions.classification.vocabulary import Phrase, TypeWords, Words

_VERBS = (
    Words(
        type="code",
        weight=3.2,
        why="asks for a computation",
        decisive=True,
        words="sort, calculate, compute, count, sum, sum up, add up, add together, total, "
        "subtract, multiply, divide, average, round, round up, round down, reverse, "
        "convert, parse, decode, encode, hash, encrypt, decrypt, deduplicate, dedupe, "
        "filter, flatten, transpose, rotate, shuffle, swap, invert, capitalise, "
        "uppercase, lowercase, truncate, pad, trim, strip, concatenate, join, chunk, "
        "partition, intersect, interpolate, factorise, factor, tokenise, slugify, escape, "
        "unescape, zip, unzip, tally, group, normalise, permute, simulate, roll, "
        "compress, decompress, square, cube, exponentiate, differentiate, "
        "integrate numerically, bucket, bin, mask, obfuscate, pretty print, minify, "
        "serialise, deserialise, work out, figure out how many, figure out how much, "
        "increment, decrement, clamp, quantise, pluralise, camelcase, titlecase, indent, "
        "unindent, dedent, sanitise, percent encode, url encode, url decode, aggregate, "
        "pivot, unpivot, index, enumerate",
    ),
    Words(
        type="code",
        weight=2.8,
        why="is done by a rule on the arguments",
        decisive=True,
        words="validate, format, reformat, split, replace, merge, transform, remove, determine, "
        "check if, check whether, check that, test if, test whether, tell whether, "
        "tell if, see if, see whether, solve, measure, shift, collapse, cut, repeat, "
        "wrap, append, prepend, insert, group by, keep only, subtract the, "
        "delete duplicates, count up, count down, diff, rank, simplify the fraction, "
        "simplify the expression, print the, move the zeros",
    ),
    Words(
        type="code",
        weight=2.0,
        why="may be done by a rule on the arguments",
        words="find, search, return, get, take, compare, combine, map, tell me whether, "
        "verify that, drop, select, pick the, extract, pull, detect, "
        "evaluate the expression, simplify, turn, change, look up, lookup, estimate, "
        "sample, keep, limit, give back, output the, yield, iterate, score, match, "
        "expand, add the",
    ),
    Words(
        type="code",
        weight=1.0,
        why="may be done by a rule",
        words="check, verify, validate that, add, apply, run, use, read, identify, clean, "
        "clean up, fill, evaluate, split up",
    ),
)

_NOUNS = (
    Words(
        type="code",
        weight=2.9,
        why="is something to compute",
        words="factorial, fibonacci, fibonacci number, fibonacci sequence, prime, prime number, "
        "palindrome, anagram, permutation, gcd, lcm, greatest common divisor, "
        "common divisor, least common multiple, common multiple, highest common factor, "
        "standard deviation, variance, median, arithmetic mean, percentile, quartile, "
        "checksum, check digit, sha, sha 1, sha 256, sha 512, md5, crc, base64, "
        "hexadecimal, binary, roman numeral, leap year, quadratic equation, square root, "
        "cube root, logarithm, determinant, dot product, cross product, inverse matrix, "
        "matrix, matrices, compound interest, simple interest, bmi, body mass index, "
        "levenshtein, levenshtein distance, edit distance, hamming distance, "
        "euclidean distance, great circle distance, manhattan distance, haversine, "
        "longest common subsequence, common prefix, common suffix, common substring, "
        "substring, longest substring, subarray, binary search, bubble sort, quicksort, "
        "merge sort, caesar cipher, rot13, morse code, luhn, uuid, guid, random password, "
        "random number, random integer, powers of two, pascal's triangle, collatz, "
        "collatz sequence, bitwise, xor, modulo, remainder, quotient, hypotenuse, "
        "circumference, perimeter, linear regression, slope, correlation, moving average, "
        "weighted average, cumulative sum, running total, frequency table, histogram, "
        "word count, character count, letter frequency, word frequency, vowel, consonant, "
        "url slug, slug, snake case, camel case, title case, kebab case, ascii, "
        "unicode code point, unix timestamp, iso timestamp, epoch, working day, "
        "business day, day of the week, weekday, days between, number of days, "
        "balanced parentheses, balanced brackets, set difference, set union, "
        "cartesian product, largest value, smallest value, largest number, "
        "smallest number, second largest, maximum, minimum, unique value, duplicate, "
        "dictionary, lookup, lookup table, hash map, hash table, intersection, union, "
        "area, email address, phone number, ip address, postcode, zip code, nested list, "
        "sorted list, running sum, hash",
    ),
    Words(
        type="code",
        weight=1.4,
        why="is material of a computation",
        words="number, integer, float, decimal, fraction, array, string, list of numbers, "
        "digit, value, sum, difference, product of, average, mean, ratio, percentage, "
        "percent, percent change, rate, interest, tax, vat, discount, tip, volume, "
        "distance, radius, timestamp, date, duration, seconds, minutes, milliseconds, "
        "days, age, celsius, fahrenheit, kelvin, miles, kilometres, kilometers, currency, "
        "exchange rate, hex, rgb, hsl, iban, isbn, credit card number, card number, "
        "phone number format, regex, regular expression, whitespace, punctuation, "
        "character, letter, word, csv, tsv, column, row, key, tuple, set, stack, queue, "
        "tree, graph, index, element, item, threshold, interval, range, coordinate, "
        "vector, point, angle, bit, byte, version number, semver, query string, "
        "query parameter, triangle, circle, rectangle, equation, polynomial, profit, "
        "balance, total, payment, instalment, temperature, score",
    ),
)

_PHRASES = (
    Phrase(
        type="code",
        weight=2.4,
        why="asks for one function",
        pattern=re.compile(
            r"\b(?:function|method|routine|one liner|snippet|lambda) (?:that|which|to|for|in)\b"
            r"|\b(?:python|javascript|js|typescript) (?:function|code)\b|^(?:fn|def|func"
            r"|function) |\b[a-z]\w{0,40}\([^()]{0,80}\) ?(?:->|=>|:)|\bpure function\b"
            r"|\balgorithm\b"
        ),
    ),
    Phrase(
        type="code",
        weight=2.4,
        why="asks how much there is",
        pattern=re.compile(
            r"\bhow (?:many|much|old|long|far|often|tall|large|big) (?!should|can we|would you)"
            r"|\bnumber of (?!questions)|\bdays (?:until|till|since|between)\b"
        ),
    ),
    Phrase(
        type="code",
        weight=2.0,
        why="asks for a test with a certain answer",
        pattern=re.compile(
            r"^(?:is|are|does|do|has|contains?) (?:this|the|a|an|it|these|two|all|n"
            r"|x)\b[^.?!]{0,80}\b(?:valid|prime|palindrome|anagrams?|even|odd|equal|sorted"
            r"|balanced|empty|contain|contains|match|divisible|numeric|unique|leap|integer"
            r"|positive|negative|power of|subset|power|square|duplicates?)\b"
        ),
    ),
    Phrase(
        type="code",
        weight=1.8,
        why="says what goes in and what comes out",
        pattern=re.compile(
            r"^(?:given|takes?|for (?:a|an|two|each)|from|input)\b.{0,100}\b(?:return|find|tell"
            r"|give|compute|output|calculate|get|decide whether|count)\b|\b(?:and"
            r"|then) returns?\b"
        ),
    ),
    Phrase(
        type="code",
        weight=1.3,
        why="orders by a key",
        pattern=re.compile(
            r"\b(?:(?:order|ordered) (?:\w+ ){1,4}by|ascending|descending|alphabetical(?:ly)?"
            r"|in order of|sorted by|sort(?:ed)? by|newest first|oldest first|per (?:product"
            r"|account|day|hour|customer|user|group))\b"
        ),
    ),
    Phrase(
        type="code",
        weight=2.9,
        why="is a formula or a conversion",
        pattern=re.compile(
            r"\d+\s*%|\b\d+ \w+ (?:to|in|into) \w*(?:met(?:er|re)s?|miles|feet|inch(?:es)?|grams?"
            r"|pounds|ounces|lit(?:er|re)s?|celsius|fahrenheit|kelvin|hours|minutes|seconds|days"
            r"|bytes)\b|\d ?[+*×÷^] ?\d|[a-z]\^\d|\b[a-z]\s*=\s*|\bn th\b|\bnth\b"
        ),
    ),
)

CODE_WORDS = TypeWords(verbs=_VERBS, nouns=_NOUNS, phrases=_PHRASES)
