"""What speaks for a person: judgement, permission, responsibility, and deeds outside computers."""

from __future__ import annotations

import re

from littoral.functions.classification.vocabulary import Phrase, TypeWords, Words

_VERBS = (
    Words(
        type="human",
        weight=3.4,
        why="asks for a person's judgement or permission",
        decisive=True,
        words="review, approve, disapprove, authorise, sign, sign off, sign off on, "
        "countersign, decide, decide on, decide whether, judge, adjudicate, arbitrate, "
        "mediate, interview, hire, promote the, negotiate, escalate, moderate, audit, "
        "vet, inspect, peer review, grant access, grant permission, give permission, "
        "give approval, give consent, give feedback, give me feedback, give your opinion, "
        "give me your opinion, get feedback, get approval, get consent, get permission, "
        "get sign off, get a second opinion, ask for approval, ask for permission, ask, "
        "request approval, request permission, accept or reject, approve or reject, "
        "assess, appraise, evaluate the candidate, evaluate candidate, choose the winner, "
        "pick the winner, choose a winner, choose between the candidate, make a decision, "
        "make the decision, resolve the dispute, hand over, hand this over, hand it over, "
        "consult, consult with, certify, notarise, witness, reject, veto, endorse, "
        "proofread, double check with, confirm with, check with, verify with, clear with, "
        "agree on, agree with, manually, notify a person, wait for approval, "
        "wait for the approval, wait for a person, wait for somebody, wait for someone, "
        "request a signature, appeal",
    ),
    Words(
        type="human",
        weight=3.0,
        why="is done in the world, by a person",
        decisive=True,
        words="call, phone, ring, meet, visit, greet, talk to, speak with, speak to, pick up, "
        "deliver, drop off, collect the parcel, taste, smell, feel, photograph, drive, "
        "carry, clean the, repair the roof, install the sign, attend, host, welcome, "
        "console, apologise to, comfort, persuade, convince, coach, mentor, train the, "
        "teach the, shake, post the letter, mail the parcel, water, feed, "
        "count the stock by hand, measure on site, examine the patient",
    ),
    Words(
        type="human",
        weight=3.2,
        why="commits money, a name or a body",
        decisive=True,
        words="buy, purchase, pay, refund, reimburse, donate, invest, lend, wire, "
        "transfer money, vote, prescribe, diagnose, sue, testify, fire, "
        "settle the dispute, make the final call, make the final decision, "
        "make a final decision, make a hiring decision",
    ),
    Words(
        type="human",
        weight=1.2,
        why="may need a person",
        words="have, let, wait, confirm, verify the identity, verify identity, choose, handle, "
        "respond, evaluate, rate, double check, look over, go over, look at, check over, "
        "get, check, accept",
    ),
)

_NOUNS = (
    Words(
        type="human",
        weight=3.2,
        why="is a judgement or permission of a person",
        words="code review, peer review, legal review, design review, human review, "
        "manual review, security review, performance review, review by, approval, "
        "sign off, signature, second opinion, permission, consent, human approval, "
        "human judgement, human judgment, hiring decision, final decision, final call, "
        "final say, go no go, go or no go, no go, verdict, second pair of eyes, "
        "acceptance test, user acceptance test, usability test, usability study, "
        "quality inspection, manual inspection, compliance check, background check, "
        "reference check, jury, peer feedback, expert opinion, personal opinion, "
        "human agent, support agent, human editor, human being, manual verification, "
        "manual check, security audit, audit by, appeal",
    ),
    Words(
        type="human",
        weight=2.0,
        why="names a person who decides or does it",
        words="person, human, somebody, someone, lawyer, attorney, solicitor, manager, "
        "supervisor, boss, colleague, coworker, expert, specialist, board, cfo, ceo, cto, "
        "director, officer, executive, team lead, team leader, head of, legal, "
        "legal department, legal team, compliance, hr, human resources, finance team, "
        "doctor, nurse, physician, accountant, native speaker, designer's opinion, "
        "real user, stakeholder, committee, reviewer, approver, editor in chief, notary, "
        "judge, inspector, technician, by hand, in person, onsite, face to face, opinion, "
        "feedback, colleague's",
    ),
    Words(
        type="human",
        weight=0.9,
        why="is something that people answer for",
        words="contract, refund, candidate, applicant, wire transfer, bank transfer, budget, "
        "expense report, expense claim, expense, complaint, dispute, patient, diagnosis, "
        "dosage, x ray, passport, identity document, id document, employee, promotion, "
        "salary, lease, policy, deployment to production, production deployment, "
        "production database, release to production, customer's account, privacy policy, "
        "privacy notice, terms, ethics, safety, reported comment, flagged post, "
        "flagged content, winner, contest, supplier, vendor, launch, logo",
    ),
)

_PEOPLE = (
    r"(?:person|human|people|somebody|someone|lawyers?|attorney|manager|supervisor|boss|colleague"
    r"|co ?worker|expert|specialist|board|c[efto]o|director|team lead|legal|compliance|hr|doctor"
    r"|nurse|accountant|native speaker|reviewer|editor|designer|team|department|agent|customer"
    r"|client|staff|professional|committee|officer|owner)"
)

_PHRASES = (
    Phrase(
        type="human",
        weight=2.8,
        why="puts it into a person's hands",
        pattern=re.compile(
            r"\b(?:have|let|ask|get|wait for|needs?|require[sd]?|by|via|through|from|consult|tell)"
            r" (?:a|an|the|some|our|my|your|their|another|one)? ?(?:\w+ )?(?:\w+ )?"
            + _PEOPLE
            + r"\b(?!'s? (?:name|age|email|address))[^.]{0,60}"
            + r"\b(?:to|look|check|read|confirm|approv|decid|judg|say|sign|verif|test|review"
            + r"|look over|give|tell|agree|do|must|whether|for)"
        ),
    ),
    Phrase(
        type="human",
        weight=2.8,
        why="says that a person has to do it",
        pattern=re.compile(
            r"\b(?:someone|somebody|a person|a human|people|an? \w+ person|only a)\b[^.]{0,40}"
            r"\b(?:must|has to|have to|needs? to|should|may|can|decides?)\b"
            r"|\bneeds? (?:a |an |the )?(?:\w+ ?'?s? )?(?:human|approval|signature|sign off"
            r"|permission|person|judg)"
            r"|\bby (?:a |an )?(?:hand|human|expert|person|professional|lawyer)\b"
            r"|\bmanual(?:ly)? (?:check|verif|inspect|review|test|approv|quality|label)"
            r"|\bin person\b|\bface to face\b|\bsecond pair of eyes\b"
        ),
    ),
    Phrase(
        type="human",
        weight=2.6,
        why="asks what should be done",
        pattern=re.compile(
            r"^(?:should|shall|may|can) (?:we|i|they|he|she)\b|\b(?:do you think|what do you think"
            r"|is it (?:ok|okay|fine|acceptable|appropriate|safe) to|whether (?:it|this) is "
            r"(?:appropriate|acceptable|safe|genuine))\b"
            r"|\bbefore (?:we|i) (?:sign|send|publish|launch)"
            r"|\b(?:look|looks) (?:good|right|professional)\b|\byour (?:opinion|judg|consent)"
        ),
    ),
    Phrase(
        type="human",
        weight=1.8,
        why="waits for a yes or a no",
        pattern=re.compile(
            r"\b(?:approve|accept|reject|deny|decline)\b[^.]{0,20}\b(?:or|and)\b[^.]{0,20}\b(?:approve"
            r"|accept|reject|deny|decline)\b|\band (?:approve|sign|authori[sz]e|sign off|release)\b"
            r"|\bbefore (?:publication|release|it goes|publishing|sending|the launch|signing)\b"
            r"|\byes or no from\b"
        ),
    ),
)

HUMAN_WORDS = TypeWords(verbs=_VERBS, nouns=_NOUNS, phrases=_PHRASES)
