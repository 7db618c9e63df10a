"""What speaks for an object: text or structured data that somebody with imagination writes."""

from __future__ import annotations

import re

from littoral.functions.classification.vocabulary import Phrase, TypeWords, Words

_VERBS = (
    Words(
        type="object",
        weight=3.2,
        why="asks for words that a model writes",
        decisive=True,
        words="summarise, sum up this, sum up the article, sum up the text, translate, "
        "paraphrase, rephrase, rewrite, reword, draft, compose, describe, explain, "
        "invent, brainstorm, imagine, make up, come up with, suggest, recommend, propose, "
        "classify, categorise, tag, label, answer, outline, narrate, improvise, mock, "
        "mock up, mock data, fake, simplify the text, simplify the language, "
        "correct the grammar, fix the grammar, correct the spelling, fix the spelling, "
        "define, characterise, tell a story, tell me a story, tell a, tell me about, "
        "tell me which, infer, guess, title, caption, subtitle, transliterate, condense, "
        "shorten, polish, fill in, fill out, give me ideas, elaborate, extract named, "
        "extract entities, extract people, extract the key, extract key, "
        "detect the language, detect the tone, detect the sentiment, "
        "identify the language, identify the topic, identify the sentiment, "
        "analyse the sentiment, write me, pitch, critique, turn these notes, "
        "turn the notes, turn these meeting notes",
    ),
    Words(
        type="object",
        weight=1.6,
        why="asks for something made up",
        words="generate, produce, give me, give, provide, list the pros, return structured, "
        "show me an example, populate, list, name, spell out",
    ),
    Words(
        type="object",
        weight=1.3,
        why="asks for something new",
        words="create, make, write, prepare, formulate, design, put together, return, assemble, "
        "extract, detect, identify, need, want",
    ),
)

_NOUNS = (
    Words(
        type="object",
        weight=2.9,
        why="is something that a model writes",
        words="user profile, profile, persona, biography, bio, recipe, itinerary, travel plan, "
        "menu, meal plan, workout plan, training plan, lesson plan, study plan, "
        "diet plan, product description, product listing, listing, job description, "
        "job advert, job ad, job posting, tagline, slogan, motto, headline, blog post, "
        "article, essay, post, tweet, poem, haiku, limerick, sonnet, story, "
        "bedtime story, short story, tale, novel, song, lyrics, joke, riddle, dialogue, "
        "script for a video, letter to, letter of, cover letter, formal letter, email to, "
        "e mail to, newsletter, press release, announcement, invitation text, greeting, "
        "speech, toast, resume, cv, curriculum vitae, faq, faq entry, flashcard, "
        "quiz question, interview question, question, multiple choice question, "
        "exam question, outline, agenda, summary, synopsis, abstract, paragraph, "
        "translation, sentiment, mood, tone, topic, named entity, test data, sample data, "
        "seed data, mock data, fake data, dummy data, synthetic data, example data, "
        "test customer, test user, fixture, sample record, fake address, "
        "example response, api response, mock response, sample response, sample invoice, "
        "sample sensor reading, config, configuration, configuration file, config file, "
        "settings file, json schema, graphql schema, openapi, openapi description, "
        "openapi spec, openapi specification, package json, docker compose, "
        "docker compose file, dockerfile, yaml, manifest, metadata, meta description, "
        "color palette, colour palette, character sheet, creature, characters in a, "
        "fictional character, world, country, list of ideas, idea, ideas for, app name, "
        "product name, catchy name, template, copy, website copy, marketing copy, "
        "ad copy, caption, alt text, release note, changelog entry, review text, "
        "testimonial, example, sample, idiom, pros, cons, synonym, antonym, definition, "
        "explanation, pros and cons, mnemonic, checklist, action item, key point, "
        "main argument, gift idea, horoscope, weather observation, weather data, "
        "event detail, contact card, business card, glossary, trivia, playlist, "
        "reading list, packing list, shopping list, user story, test case, "
        "acceptance criteria",
    ),
    Words(
        type="object",
        weight=1.6,
        why="is usually written, not computed",
        words="json, json document, json object, xml, structured data, object, schema, record, "
        "entry, text, sentence, title, name, description, category, tag, plausible value, "
        "document, mail, email, message, reply, response, note, comment, plan, guide, "
        "advice, catalogue, catalog, data set, dataset, content, wording, phrase, "
        "keyword, card",
    ),
)

_PHRASES = (
    Phrase(
        type="object",
        weight=1.8,
        why="asks for something imagined",
        pattern=re.compile(
            r"\b(?:fictional|fictitious|imaginary|realistic|made up|plausible|fantasy|creative"
            r"|catchy|funny|sample|mock|fake|dummy|example|synthetic|random but)\b"
        ),
    ),
    Phrase(
        type="object",
        weight=2.4,
        why="asks about language or knowledge",
        pattern=re.compile(
            r"\bwhat (?:does|do) .{0,100} mean\b|\bwhich of these .{0,100} best\b"
            r"|\bwhat is .{0,100}\b(?:about|mood|tone|sentiment|topic)\b|\b(?:in simple words"
            r"|in plain words|in other words|to a child|friendlier|more formal|less formal"
            r"|tone)\b|\bwhat is meant by\b|\bwhich (?:department|category|topic|language|genre"
            r"|team)\b|\b(?:into|to|in) (?:french|german|spanish|english|portuguese|italian|dutch"
            r"|danish|swedish|norwegian|polish|japanese|chinese|korean|arabic|hindi|turkish|greek"
            r"|welsh|latin|russian|ukrainian|finnish)\b"
        ),
    ),
    Phrase(
        type="object",
        weight=1.6,
        why="has free text to be understood",
        pattern=re.compile(
            r"\bfrom (?:this|the|an?|these) (?:email|letter|article|text|message|note|notes|cv"
            r"|resume|transcript|conversation|description|paragraph|story|report|contract)\b"
        ),
    ),
    Phrase(
        type="object",
        weight=1.6,
        why="asks for a text of a given length",
        pattern=re.compile(
            r"\bin (?:about )?(?:one|two|three|four|five|ten|\d+) (?:\w+ )?(?:sentences?|words"
            r"|paragraphs?|bullet points|bullets|lines)\b|\b(?:as|in) (?:json|yaml|xml)\b"
            r"|\bas structured data\b|\b(?:for|about) the (?:article|text|video|talk|chapter"
            r"|blog)\b"
        ),
    ),
)

OBJECT_WORDS = TypeWords(verbs=_VERBS, nouns=_NOUNS, phrases=_PHRASES)
