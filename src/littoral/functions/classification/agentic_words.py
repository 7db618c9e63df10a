"""What speaks for agentic work: software to build, systems to change, errands of many steps."""

from __future__ import annotations

import re

from littoral.functions.classification.vocabulary import Phrase, TypeWords, Words

_VERBS = (
    Words(
        type="agentic",
        weight=3.2,
        why="is work on a whole system",
        words="deploy, refactor, migrate, port, scaffold, bootstrap, prototype, automate, "
        "orchestrate, debug, troubleshoot, investigate, look into, research, crawl, "
        "scrape, integrate, upgrade, monitor, keep an eye on, modernise, containerise, "
        "set up, roll out, provision, reproduce the bug, find the bug, find and fix, "
        "fix the bug, fix the tests, fix the failing, carry out, release a, ship, "
        "re implement, reimplement, rebuild, redesign, overhaul, "
        "optimise the performance, benchmark, reverse engineer, find out why, "
        "get to the bottom of, rewrite the app, rewrite the codebase, "
        "convert the codebase, convert our, book, reserve, onboard, plan and, extend our, "
        "extend the app, connect our, hook up, wire up, watch our, watch the, track down, "
        "organise a search",
    ),
    Words(
        type="agentic",
        weight=2.3,
        why="asks for something to be built",
        words="build, develop, implement, program, code, construct, engineer, turn this design, "
        "add a feature, extend, design and build, design and implement, plan and build",
    ),
    Words(
        type="agentic",
        weight=2.8,
        why="changes something outside",
        decisive=True,
        words="send, email, notify, publish, schedule, subscribe, unsubscribe, cancel, upload, "
        "download, order a, order some, order two, delete all, delete old, delete every, "
        "drop all, drop table, drop the table, wipe, purge, shut down, restart, reboot, "
        "reset the, turn off, turn on, transfer, back up, backup, restore",
    ),
    Words(
        type="agentic",
        weight=0.8,
        why="may be a larger piece of work",
        words="create, make, design, plan, put together, write, start, launch, gather, collect, "
        "organise, improve, manage, update, fix, repair, install, configure, want, need, "
        "sync, compare all, test, maintain, optimise, secure, coordinate",
    ),
)

_NOUNS = (
    Words(
        type="agentic",
        weight=3.2,
        why="is a piece of software",
        words="app, application, web app, webapp, web application, mobile app, website, "
        "web site, site, homepage, home page, landing page, portfolio site, "
        "single page app, single page application, web page, dashboard, web shop, "
        "webshop, online shop, online store, e commerce, e commerce platform, "
        "e commerce site, ecommerce, marketplace, portal, platform, saas, mvp, service, "
        "microservice, rest api, json api, graphql api, http api, backend, back end, "
        "frontend, front end, full stack, admin panel, admin area, admin interface, "
        "control panel, crm, cms, erp, blog application, blog app, blog engine, wiki, "
        "forum, chat room, chat application, chatbot, bot, slack bot, discord bot, "
        "telegram bot, browser extension, chrome extension, firefox extension, extension, "
        "plugin, add on, command line tool, cli, cli tool, command line script, "
        "command line program, terminal program, desktop app, daemon, scraper, "
        "web scraper, crawler, game, tetris game, snake game, video game, browser game, "
        "simulator, tracker, habit tracker, booking system, ticket system, "
        "ticketing system, reservation system, inventory system, management system, "
        "payment system, recommendation system, system, kanban board, task board, "
        "task manager, to do app, to do list app, calculator app, url shortener, "
        "link shortener, static site generator, site generator, compiler, interpreter, "
        "data pipeline, etl pipeline, ci pipeline, ci cd pipeline, pipeline, "
        "react project, full project, complete project, starter, boilerplate, monorepo, "
        "codebase, repository, library, sdk, python package, npm package, package with, "
        "framework, web server, server with, proxy server, prototype, clone, quiz page, "
        "page builder, editor, viewer, survey tool, poll tool, tool, utility, program, "
        "software, user authentication, authentication, login, checkout, sign up flow, "
        "crud, worker, infrastructure, deployment pipeline, integration, test suite, "
        "feature",
    ),
    Words(
        type="agentic",
        weight=1.3,
        why="belongs to a larger piece of work",
        words="api, endpoint, database, db, project, product, page, form, contact form, server, "
        "tests, ci, cd, pull request with, dependency, migration, memory leak, bug, "
        "feature request, dark mode, drag and drop, offline support, account, role, "
        "settings page, web, browser, market, competitor, source, report, finding, "
        "workflow, process, outage, incident, cloud, cluster, kubernetes, docker, react, "
        "vue, django, flask, fastapi, rails, wordpress, stripe, github, typescript, "
        "postgres, mysql, module, class, component, script, digest",
    ),
)

_PHRASES = (
    Phrase(
        type="agentic",
        weight=1.6,
        why="names several steps",
        pattern=re.compile(
            r"\bstep by step\b|\bend to end\b|\bfrom scratch\b|\bone by one\b"
            r"|\bfrom start to finish\b|,? (?:and )?then \w+ .{0,100}\b(?:and|then)\b"
            r"|\bafter that\b|\buntil (?:it|they|all|every)\b|\bmulti step\b|\bseveral steps\b"
            r"|\bcome back with\b|\bmake sure that\b|\bkeep (?:me|us)\b"
        ),
    ),
    Phrase(
        type="agentic",
        weight=1.8,
        why="runs again and again",
        pattern=re.compile(
            r"\bevery (?:day|night|morning|evening|week|month|hour|monday|friday|minute)\b"
            r"|\bnightly\b|\bwhenever\b|\balerts? (?:me|us|the team)\b|\bnotif(?:y|ies) (?:me"
            r"|us)\b|\bdaily (?:report|digest|summary)\b|\bon a schedule\b|\bwhen (?:they|it"
            r"|something) (?:change|is down|fails)"
        ),
    ),
    Phrase(
        type="agentic",
        weight=1.6,
        why="has parts that only software has",
        pattern=re.compile(
            r"\b(?:with|including|has|and|plus|w) (?:a |an |the |user |room[s]? |drag |markdown "
            r"|local )*(?:auth|authentication|login|logins|database|db|tests?|docs|documentation"
            r"|cart|checkout|calendar|payments?|reminders?|reservations?|admin|accounts?"
            r"|drag and drop|offline support|routing|backend|frontend|api|rss|timer|rooms|roles"
            r"|dark mode|contact form)\b"
        ),
    ),
    Phrase(
        type="agentic",
        weight=1.4,
        why="searches and reports",
        pattern=re.compile(
            r"\b(?:with|cite|citing|including) (?:its |the )?sources\b|\bwrite it up\b"
            r"|\breport with\b|\bdetailed report\b|\bcome back\b|\bgather (?:the|all|data"
            r"|information|offers)\b"
        ),
    ),
    Phrase(
        type="agentic",
        weight=1.6,
        why="is about the whole of something, or what is live",
        pattern=re.compile(
            r"\b(?:whole|entire|full|complete|our|all) (?:\w+ )?(?:codebase|code base|app"
            r"|application|site|project|backend|services|system|repository|stack|test suite"
            r"|dependencies|documentation|database|server|tests)\b|\b(?:production|prod"
            r"|live) (?:bucket|database|server|system|data)\b|\busers can\b|\bwhere (?:users"
            r"|people|neighbours|members|customers|players|students) (?:can|may)\b"
        ),
    ),
)

AGENTIC_WORDS = TypeWords(verbs=_VERBS, nouns=_NOUNS, phrases=_PHRASES)
