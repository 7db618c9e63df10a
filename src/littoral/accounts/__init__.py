"""Who is calling: guests and their cookie, session ids, and which pages may call.

Accounts with keys come to this package later. Rate limits, budgets and storage are not here.
"""
