"""Verbs that titles of tasks begin with: they show where one title of an enumeration ends."""

from __future__ import annotations

TASK_VERBS = frozenset(
    (
        *("answer", "apply", "arrange", "ask", "assemble", "attend", "back", "bake", "book"),
        *("bring", "build", "buy", "call", "cancel", "change", "charge", "check", "clean"),
        *("close", "collect", "complete", "contact", "cook", "copy", "cut", "decide", "deliver"),
        *("do", "download", "draft", "draw", "drink", "drive", "drop", "eat", "email", "exercise"),
        *("feed", "fetch", "file", "fill", "find", "finish", "fix", "get", "give", "go", "hang"),
        *("hire", "install", "invite", "iron", "learn", "mail", "make", "meet", "mop", "move"),
        *("mow", "open", "order", "organise", "organize", "pack", "paint", "pay", "phone", "pick"),
        *("plan", "plant", "play", "post", "practice", "practise", "prepare", "print", "publish"),
        *("put", "read", "record", "register", "renew", "rent", "repair", "replace", "reply"),
        *("request", "research", "reserve", "return", "review", "ride", "ring", "run", "schedule"),
        *("sell", "send", "set", "ship", "shop", "sign", "start", "study", "submit", "swim"),
        *("take", "talk", "test", "text", "tidy", "train", "try", "turn", "update", "upload"),
        *("vacuum", "visit", "walk", "wash", "watch", "water", "wipe", "work", "write"),
    )
)
"""In the imperative, lower case."""
