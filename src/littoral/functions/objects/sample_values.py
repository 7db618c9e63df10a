"""Values that look real, by the name of what they stand for. None is anybody's.

People, places and companies are made up; addresses and numbers are of the ranges kept for examples.
"""

from __future__ import annotations

from typing import Final

PEOPLE: Final = (
    ("Amara", "Lindqvist"),
    ("Teo", "Marchetti"),
    ("Noor", "Haddad"),
    ("Ines", "Duarte"),
    ("Kofi", "Mensah"),
    ("Yuki", "Tanabe"),
    ("Lena", "Brandt"),
    ("Mateo", "Quispe"),
)
CITIES: Final = (
    ("Lisbon", "Lisbon", "1100-148", "Portugal"),
    ("Utrecht", "Utrecht", "3511 BT", "Netherlands"),
    ("Valparaíso", "Valparaíso", "2340000", "Chile"),
    ("Bergen", "Vestland", "5003", "Norway"),
    ("Kyoto", "Kyoto", "600-8001", "Japan"),
    ("Portland", "Oregon", "97205", "United States"),
)

TEXTS: Final[dict[str, tuple[str, ...]]] = {
    "bio": (
        "Writes about coastal ecology and repairs old bicycles on weekends.",
        "Designs small gardens for busy streets and teaches evening classes.",
        "Builds weather stations with schools and collects tide tables.",
    ),
    "description": (
        "A dependable choice for everyday use, made to be repaired.",
        "A short introduction that says what it is for and whom it helps.",
        "Light, sturdy and simple to look after.",
    ),
    "summary": (
        "The main points in two sentences, with what to do next.",
        "What happened, why it matters, and what follows from it.",
    ),
    "body": (
        "The tide comes in twice a day, and twice a day the shore is made anew. "
        "Whoever looks closely finds a whole world between the two marks.",
    ),
    "comment": ("Does what it says, and arrived early.", "Well made; the guide could be clearer."),
    "message": ("Everything went as planned.", "The request was carried out."),
    "title": ("Between the Tides", "A Field Guide to Small Things", "Notes from the Shore"),
    "name": ("Tidepool", "Saltmarsh", "Harbour Light", "Driftwood"),
    "category": ("outdoor", "kitchen", "stationery", "garden"),
    "genre": ("essay", "mystery", "documentary", "folk"),
    "status": ("active", "pending", "completed"),
    "priority": ("normal", "high", "low"),
    "level": ("beginner", "intermediate", "advanced"),
    "difficulty": ("easy", "medium", "hard"),
    "role": ("editor", "viewer", "administrator"),
    "title job": ("Field Researcher", "Product Designer", "Data Analyst", "Teacher"),
    "department": ("Research", "Design", "Operations"),
    "industry": ("Marine research", "Publishing", "Sustainable textiles"),
    "company": ("Harbour Light Cooperative", "Saltmarsh Studio", "Driftwood Press"),
    "currency": ("EUR", "USD", "GBP"),
    "gender": ("female", "male", "nonbinary"),
    "language": ("en", "pt", "nl"),
    "locale": ("en-GB", "pt-PT", "nl-NL"),
    "timezone": ("Europe/Lisbon", "Europe/Amsterdam", "Asia/Tokyo"),
    "environment": ("production", "staging"),
    "host": ("service.example.com", "db.example.com"),
    "log": ("info", "warning"),
    "version": ("1.4.0", "2.0.1"),
    "colour": ("sea green", "slate", "sand"),
    "color": ("sea green", "slate", "sand"),
    "condition": ("partly cloudy", "light rain", "clear"),
    "species": ("dog", "cat"),
    "breed": ("mixed breed", "shorthair"),
    "make": ("Corvina", "Altamar"),
    "model": ("S2", "Breeze"),
    "question": ("Which animal opens at high tide and closes at low tide?",),
    "answer": ("The barnacle.",),
    "phone": ("+1 202 555 0143", "+44 20 7946 0018"),
    "street": ("12 Quay Street", "48 Lighthouse Road", "7 Net Makers Lane"),
    "isbn": ("978-0-00-000000-2",),
    "course": ("Marine Biology", "Typography"),
}
"""Texts by the last word of a name, or by any of its words."""

LISTS: Final[dict[str, tuple[str, ...]]] = {
    "interests": ("tide pools", "cycling", "letterpress", "birdwatching"),
    "hobbies": ("tide pools", "cycling", "letterpress", "birdwatching"),
    "skills": ("research", "writing", "data analysis", "public speaking"),
    "tags": ("coast", "guide", "handmade", "new"),
    "ingredients": ("400 g potatoes", "1 onion", "2 tablespoons olive oil", "sea salt"),
    "steps": ("Prepare everything.", "Cook gently for twenty minutes.", "Season and serve."),
    "features": ("search", "export", "notifications"),
    "topics": ("introduction", "practice", "review"),
    "items": ("notebook", "pencil", "canvas bag"),
    "attendees": ("Noor Haddad", "Teo Marchetti", "Lena Brandt"),
    "activities": ("harbour walk", "museum", "boat trip"),
    "choices": ("The barnacle", "The limpet", "The starfish"),
    "experience": ("Field assistant, 2019-2022", "Lead researcher, 2022-2026"),
    "education": ("BSc Marine Biology, 2018",),
    "languages": ("English", "Portuguese"),
    "roles": ("editor", "viewer"),
    "grades": ("A", "B+", "A-"),
}
"""Items by the name of their list."""

NUMBERS: Final[dict[str, tuple[float, ...]]] = {
    "age": (34, 27, 41, 52),
    "year": (2024, 2019, 2021),
    "founded": (1998, 2011),
    "pages": (248, 312),
    "minutes": (45, 90, 30),
    "seconds": (214, 187),
    "price": (24.9, 129.0, 18.5),
    "total": (148.75, 62.3),
    "subtotal": (125.0, 52.35),
    "tax": (23.75, 9.95),
    "amount": (86.4, 240.0),
    "salary": (52000, 61500),
    "budget": (1200, 800),
    "stock": (42, 17, 120),
    "quantity": (2, 3, 1),
    "rating": (4, 5, 3),
    "score": (87, 92),
    "port": (8080, 5432),
    "servings": (4, 2),
    "employees": (48, 120),
    "temperature": (18.5, 21.0),
    "humidity": (64, 71),
    "speed": (12.5, 8.0),
    "latitude": (38.7223, 52.0907),
    "longitude": (-9.1393, 5.1214),
    "weight": (1.2, 0.8),
    "height": (172, 165),
    "code": (200, 201),
    "percent": (12.5, 40.0),
    "count": (3, 12),
}
"""Numbers by the last word of a name."""

TRUE_WORDS: Final = frozenset(
    "active enabled verified available public online success valid paid subscribed".split()
)
